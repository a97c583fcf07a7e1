package io.heliograph.server.start;

import io.heliograph.server.errors.InvalidSettingException;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the log is written.
 *
 * @param logFormat {@code text}: a line for each entry, and stack traces below it; {@code json}: a JSON object for each
 *     entry, on a line of its own
 */
@ConfigurationProperties("heliograph")
record LogSettings(@DefaultValue("text") String logFormat) {
    private static final Set<String> FORMATS = Set.of("text", "json");

    LogSettings {
        InvalidSettingException.check(FORMATS.contains(logFormat), "heliograph.log-format", logFormat, "text or json");
    }

    /** Sets system properties for logback.xml, which is read when the application starts. */
    void apply() {
        System.setProperty("heliograph.log-format", logFormat);
    }
}
