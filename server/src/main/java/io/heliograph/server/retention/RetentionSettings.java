package io.heliograph.server.retention;

import io.heliograph.eventlog.Retention;
import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Retention settings. Events are removed independently of the rows that they describe.
 *
 * @param maxAge events older than this are removed
 * @param maxEvents of each workspace; the newest are kept
 * @param decidedApprovals from their decision, cancellation or expiry on; 0: for ever, as below
 * @param messages of agents, from their creation on
 * @param readNotifications from their reading on
 * @param audit entries of the audit trail
 * @param interval from the end of one pass to the next
 */
@ConfigurationProperties("heliograph.retention")
public record RetentionSettings(
        @DefaultValue("7d") Duration maxAge,
        @DefaultValue("1000000") long maxEvents,
        @DefaultValue("0s") Duration decidedApprovals,
        @DefaultValue("90d") Duration messages,
        @DefaultValue("90d") Duration readNotifications,
        @DefaultValue("0s") Duration audit,
        @DefaultValue("1m") Duration interval) {

    public RetentionSettings {
        duration("max-age", maxAge, Duration.ofMinutes(1), Duration.ofDays(3650), "1m to 3650d");
        keptFor("decided-approvals", decidedApprovals);
        keptFor("messages", messages);
        keptFor("read-notifications", readNotifications);
        keptFor("audit", audit);
        duration("interval", interval, Duration.ofMillis(100), Duration.ofDays(1), "100ms to 1d");
        InvalidSettingException.check(
                maxEvents >= 1000, "heliograph.retention.max-events", maxEvents, "a number from 1000");
    }

    /** The retention of the log. */
    public Retention retention() {
        return new Retention(maxAge, maxEvents, Retention.defaults().step());
    }

    /** At least a day: a stored response for a repeated request must not outlive the row that it describes. */
    private static void keptFor(String key, Duration value) {
        if (!value.isZero()) {
            duration(key, value, Duration.ofDays(1), Duration.ofDays(3650), "1d to 3650d, or 0s for ever");
        }
    }

    private static void duration(String key, Duration value, Duration min, Duration max, String range) {
        boolean right = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        InvalidSettingException.check(right, "heliograph.retention." + key, value, "a duration from " + range);
    }
}
