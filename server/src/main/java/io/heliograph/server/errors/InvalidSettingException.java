package io.heliograph.server.errors;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * A setting has an invalid value. Thrown by the constructors of settings records; start-up ends with one line that
 * names the key, the value and what was expected.
 */
public final class InvalidSettingException extends IllegalArgumentException {

    /** In microseconds, from small to large. */
    private static final Map<Long, String> DURATION_UNITS = new TreeMap<>(Map.of(
            1L, "us", 1_000L, "ms", 1_000_000L, "s", 60_000_000L, "m", 3_600_000_000L, "h", 86_400_000_000L, "d"));
    /** In bytes, from small to large. */
    private static final Map<Long, String> SIZE_UNITS =
            new TreeMap<>(Map.of(1L, "B", 1L << 10, "KB", 1L << 20, "MB", 1L << 30, "GB", 1L << 40, "TB"));

    /**
     * @param key kebab case with its prefix, such as {@code heliograph.port}
     * @param value as it was given; never of a secret
     * @param expected such as {@code "a port from 0 to 65535"}
     */
    public InvalidSettingException(String key, Object value, String expected) {
        super(key + " is \"" + written(value) + "\"; expected " + expected + environmentName(key));
    }

    /** Throws unless the setting is right. */
    public static void check(boolean right, String key, Object value, String expected) {
        if (!right) {
            throw new InvalidSettingException(key, value, expected);
        }
    }

    /** The spelling in a file, in the largest unit that divides it. */
    private static String written(Object value) {
        return switch (value) {
            case Duration duration -> written(TimeUnit.MICROSECONDS.convert(duration), DURATION_UNITS);
            case DataSize size -> written(size.toBytes(), SIZE_UNITS);
            default -> value.toString();
        };
    }

    private static String written(long amount, Map<Long, String> units) {
        return units.entrySet().stream()
                .filter(unit -> amount % unit.getKey() == 0)
                .reduce((_, larger) -> larger)
                .map(unit -> amount / unit.getKey() + unit.getValue())
                .orElse(String.valueOf(amount));
    }

    private static String environmentName(String key) {
        return " (in the environment: " + SettingNames.environment(key) + ")";
    }
}
