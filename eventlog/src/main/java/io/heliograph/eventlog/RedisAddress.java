package io.heliograph.eventlog;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a Redis server is, written {@code redis://[[user]:password@]host[:port][/database]}; in user and password,
 * special characters are percent-encoded. Immutable; its text never has the password.
 *
 * @param database buses meet when they name the same one
 */
public record RedisAddress(String host, int port, int database, Optional<String> user, Optional<String> password) {
    private static final int DEFAULT_PORT = 6_379;
    private static final Pattern PATH = Pattern.compile("/?([0-9]{0,6})");

    /** Empty when {@code text} has not the shape of an address. */
    public static Optional<RedisAddress> parse(String text) {
        try {
            URI uri = new URI(text);
            Matcher path = PATH.matcher(Optional.ofNullable(uri.getRawPath()).orElse(""));
            if (!"redis".equals(uri.getScheme())
                    || uri.getHost() == null
                    || uri.getPort() == 0
                    || uri.getPort() > 65_535
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || !path.matches()) {
                return Optional.empty();
            }
            String userInfo = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
            int colon = userInfo.indexOf(':');
            // What stands alone is a password, as in other programs.
            return Optional.of(new RedisAddress(
                    uri.getHost().replaceAll("[\\[\\]]", ""),
                    uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                    path.group(1).isEmpty() ? 0 : Integer.parseInt(path.group(1)),
                    decoded(userInfo.substring(0, Math.max(0, colon))),
                    decoded(userInfo.substring(colon + 1))));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<String> decoded(String text) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "redis://" + host + ":" + port + "/" + database;
    }
}
