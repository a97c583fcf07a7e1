package io.heliograph.server.search;

import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the index of the search follows the log.
 *
 * @param interval between two looks at the log
 * @param batch events or approvals that one transaction adds at most
 */
@ConfigurationProperties("heliograph.search")
record SearchSettings(
        @DefaultValue("500ms") Duration interval,
        @DefaultValue("100") int batch) {
    SearchSettings {
        InvalidSettingException.check(
                interval.toMillis() >= 10 && interval.toSeconds() <= 60,
                "heliograph.search.interval",
                interval,
                "a duration from 10ms to 60s");
        InvalidSettingException.check(
                batch >= 1 && batch <= 1000, "heliograph.search.batch", batch, "a number from 1 to 1000");
    }
}
