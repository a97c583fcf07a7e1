package io.heliograph.engineio;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The value of the {@code Date} header, made once a second. Safe from any thread.
 *
 * <p>Source: RFC 9110 section 6.6.1.
 */
final class HttpDate {
    /** Two digits for the day, which the JDK's own format of RFC 1123 does not have. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private volatile Value last = new Value(Long.MIN_VALUE, "");

    HttpDate(Clock clock) {
        this.clock = clock;
    }

    private record Value(long second, String text) {}

    String now() {
        long millis = clock.millis();
        long second = Math.floorDiv(millis, 1000L);
        Value value = last;
        if (value.second != second) {
            value = new Value(second, FORMAT.format(Instant.ofEpochMilli(millis)));
            last = value;
        }
        return value.text;
    }
}
