package io.heliograph.server.agents;

import io.heliograph.server.web.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of what agents say.
 *
 * @param deltaInterval between two deltas of one message that sockets get; what comes meanwhile is put together
 * @param maxStreaming messages that stream through this node at the same time
 */
@ConfigurationProperties("heliograph.agents")
record AgentSettings(
        @DefaultValue("100ms") Duration deltaInterval,
        @DefaultValue("10000") int maxStreaming) {
    AgentSettings {
        InvalidSettingException.check(
                deltaInterval.compareTo(Duration.ofMillis(10)) >= 0
                        && deltaInterval.compareTo(Duration.ofSeconds(10)) <= 0,
                "heliograph.agents.delta-interval",
                deltaInterval,
                "a duration from 10ms to 10s");
        InvalidSettingException.check(
                maxStreaming > 0, "heliograph.agents.max-streaming", maxStreaming, "a number above zero");
    }
}
