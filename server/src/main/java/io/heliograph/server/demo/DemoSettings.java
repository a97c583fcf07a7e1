package io.heliograph.server.demo;

import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether there are demonstration agents, and how fast they work.
 *
 * @param demo whether to start them
 * @param demoWorkspace slug of the workspace that they work in; they wait until it exists
 * @param demoPace from one thing that an agent does to the next, on average
 */
@ConfigurationProperties("heliograph")
record DemoSettings(
        @DefaultValue("false") boolean demo,
        @DefaultValue("default") String demoWorkspace,
        @DefaultValue("2500ms") Duration demoPace) {
    DemoSettings {
        InvalidSettingException.check(
                demoPace.toMillis() >= 1 && demoPace.compareTo(Duration.ofMinutes(1)) <= 0,
                "heliograph.demo-pace",
                demoPace,
                "a duration from 1ms to 1m");
    }
}
