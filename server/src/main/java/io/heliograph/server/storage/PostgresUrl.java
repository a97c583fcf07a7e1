package io.heliograph.server.storage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * A database on PostgreSQL as {@code postgresql://[user[:password]@]host[:port],…/database[?parameters]}, which libpq and most
 * tools understand, or as the driver's own {@code jdbc:postgresql://…}. Immutable.
 *
 * @param jdbc the URL without user and password
 * @param credentials the properties {@code user} and {@code password}, as far as the text has them
 */
record PostgresUrl(String jdbc, Properties credentials) {
    private static final Pattern SHAPE = Pattern.compile(
            "(?:jdbc:)?postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<rest>[^@/?]+/[^@]+)");

    /** Empty when {@code text} has not the shape of such a URL. */
    static Optional<PostgresUrl> parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            return Optional.empty();
        }
        Properties credentials = new Properties();
        try {
            put(credentials, "user", shape.group("user"));
            put(credentials, "password", shape.group("password"));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        String jdbc = "jdbc:postgresql://" + shape.group("rest");
        return Driver.parseURL(jdbc, null) == null ? Optional.empty() : Optional.of(new PostgresUrl(jdbc, credentials));
    }

    private static void put(Properties properties, String key, @Nullable String encoded) {
        if (encoded != null && !encoded.isEmpty()) {
            properties.setProperty(key, URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
    }

    /** Omits the password. */
    @Override
    public String toString() {
        return "PostgresUrl[" + jdbc.replaceFirst("password=[^&]*", "password=…") + "]";
    }
}
