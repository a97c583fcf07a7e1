package io.heliograph.server;

import io.heliograph.server.web.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the server's threads share the cores.
 *
 * @param timeSlice for which a thread goes on while another one waits for its core; 0: as long as the system lets it
 */
@ConfigurationProperties("heliograph")
record ThreadSettings(@DefaultValue("200us") Duration timeSlice) {
    private static final Duration SHORTEST = Duration.ofNanos(100_000);
    private static final Duration LONGEST = Duration.ofMillis(100);

    ThreadSettings {
        InvalidSettingException.check(
                timeSlice.isZero() || (timeSlice.compareTo(SHORTEST) >= 0 && timeSlice.compareTo(LONGEST) <= 0),
                "heliograph.time-slice",
                timeSlice,
                "a duration from 100us to 100ms, or 0 for what the system gives");
    }

    /** For this thread and those that it will start. */
    void apply() {
        if (!timeSlice.isZero()) {
            TimeSlice.set(timeSlice);
        }
    }
}
