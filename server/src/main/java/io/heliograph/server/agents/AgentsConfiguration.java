package io.heliograph.server.agents;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.identity.Shares;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionSettings;
import io.heliograph.server.retention.RetentionTask;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Wires the feature. The stores live here because the controller, the roster and the sweep share them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AgentSettings.class, RetentionSettings.class})
class AgentsConfiguration {

    @Bean
    AgentStore agentStore(JsonMapper json, WorkspaceUsage usage) {
        return new AgentStore(json, usage);
    }

    @Bean
    MessageStore messageStore(WorkspaceUsage usage) {
        return new MessageStore(usage);
    }

    @Bean
    RetentionTask messageRetention(
            EventLog log, JdbcClient jdbc, MessageStore store, RetentionSettings settings, Clock clock) {
        return new AgedRows("messages", "agent_message", "created_at", settings.messages())
                .removedBy(log, jdbc, clock, store::remove);
    }

    @Bean
    AgentRoster agentRoster(
            AgentStore store, EventDrafts drafts, AuditTrail audit, List<AgentListener> listeners, JsonMapper json) {
        return new AgentRoster(store, drafts, audit, listeners, json);
    }

    @Bean
    AgentPresence agentPresence(EventLog log, AgentStore store, AgentRoster roster, Clock clock) {
        return new AgentPresence(log, store, roster, clock);
    }

    @Bean(initMethod = "start")
    AgentLeases agentLeases(
            EventLog log,
            JdbcClient jdbc,
            AgentStore store,
            AgentRoster roster,
            @Qualifier("deadlineScheduler") ScheduledExecutorService scheduler) {
        return new AgentLeases(log, jdbc, store, roster, scheduler);
    }

    @Bean
    Agents agents(AgentRoster roster) {
        return new Agents(roster);
    }

    @Bean
    AgentMessages agentMessages(
            MessageStore store, AgentRoster roster, EventDrafts drafts, AuditTrail audit, MessageDeltas deltas) {
        return new AgentMessages(store, roster, drafts, audit, deltas);
    }

    @Bean
    MessageDeltas messageDeltas(
            Bus bus,
            JsonMapper json,
            AgentSettings settings,
            Clock clock,
            @Qualifier("deadlineScheduler") ScheduledExecutorService scheduler,
            MeterRegistry registry) {
        String setting = "heliograph.agents.max-streaming";
        Shares places = new Shares(
                Shares.Limit.of(setting, settings.maxStreaming(), registry),
                Shares.Limit.of(setting + "-per-workspace", settings.maxStreamingPerWorkspace(), registry),
                Shares.Limit.of(setting + "-per-caller", settings.maxStreamingPerCaller(), registry));
        MessageDeltas deltas = new MessageDeltas(bus, json, settings.deltaInterval(), places, clock, scheduler);
        Gauge.builder("heliograph.agents.streaming", deltas, MessageDeltas::streaming)
                .register(registry);
        return deltas;
    }

    @Bean
    StreamingMessages streamingMessages(EventLog log, MessageStore store, MessageDeltas deltas) {
        return new StreamingMessages(log, store, deltas);
    }
}
