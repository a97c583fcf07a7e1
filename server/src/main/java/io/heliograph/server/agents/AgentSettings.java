package io.heliograph.server.agents;

import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of agents' messages.
 *
 * @param deltaInterval between two deltas of one message that sockets get; text that arrives in between is merged
 * @param maxStreaming messages that stream through this node at the same time
 * @param maxStreamingPerWorkspace of those, the messages of one workspace
 * @param maxStreamingPerCaller of those, the messages that one member or key streams
 */
@ConfigurationProperties("heliograph.agents")
record AgentSettings(
        @DefaultValue("100ms") Duration deltaInterval,
        @DefaultValue("10000") int maxStreaming,
        @DefaultValue("5000") int maxStreamingPerWorkspace,
        @DefaultValue("2500") int maxStreamingPerCaller) {
    AgentSettings {
        InvalidSettingException.check(
                deltaInterval.compareTo(Duration.ofMillis(10)) >= 0
                        && deltaInterval.compareTo(Duration.ofSeconds(10)) <= 0,
                "heliograph.agents.delta-interval",
                deltaInterval,
                "a duration from 10ms to 10s");
        positive("max-streaming", maxStreaming);
        positive("max-streaming-per-workspace", maxStreamingPerWorkspace);
        positive("max-streaming-per-caller", maxStreamingPerCaller);
    }

    private static void positive(String key, int value) {
        InvalidSettingException.check(value >= 1, "heliograph.agents." + key, value, "a number from 1 upwards");
    }
}
