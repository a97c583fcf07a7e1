package io.heliograph.server.retention;

import io.heliograph.eventlog.Retention;
import io.heliograph.server.web.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much of each workspace's log is kept. The rows that events tell of stay.
 *
 * @param maxAge events older than this are removed
 * @param maxEvents of each workspace; the newest are kept
 * @param interval from the end of one pass to the next
 */
@ConfigurationProperties("heliograph.retention")
public record RetentionSettings(
        @DefaultValue("7d") Duration maxAge,
        @DefaultValue("1000000") long maxEvents,
        @DefaultValue("1m") Duration interval) {

    public RetentionSettings {
        duration("max-age", maxAge, Duration.ofMinutes(1), Duration.ofDays(3650), "1m to 3650d");
        duration("interval", interval, Duration.ofMillis(100), Duration.ofDays(1), "100ms to 1d");
        InvalidSettingException.check(
                maxEvents >= 1000, "heliograph.retention.max-events", maxEvents, "a number from 1000");
    }

    public Retention retention() {
        return new Retention(maxAge, maxEvents, Retention.defaults().step());
    }

    private static void duration(String key, Duration value, Duration least, Duration most, String range) {
        boolean right = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        InvalidSettingException.check(right, "heliograph.retention." + key, value, "a duration from " + range);
    }
}
