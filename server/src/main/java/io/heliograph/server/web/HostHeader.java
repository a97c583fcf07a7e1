package io.heliograph.server.web;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a {@code Host} header.
 *
 * @param name in lower case and without a final dot; an IPv6 address has its brackets
 * @param port empty when it is the scheme's own
 * Source: RFC 9110 section 7.2.
 */
public record HostHeader(String name, OptionalInt port) {
    private static final Pattern SHAPE =
            Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{0,5}))?");

    /** Empty when {@code text} is no host. */
    public static Optional<HostHeader> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String digits = matcher.group(2);
        OptionalInt port =
                digits == null || digits.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(digits));
        return bare.isEmpty() || port.orElse(0) > 65_535 ? Optional.empty() : Optional.of(new HostHeader(bare, port));
    }

    /** Whether it names this machine: no page can have such a name resolve to another one. */
    public boolean loopback() {
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("[::1]")
                || name.matches("127(\\.[0-9]{1,3}){3}");
    }
}
