package io.heliograph.server.agents;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.identity.ConcurrencyLimiter;
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

/** Wires the feature. The stores are beans because the controller, the registry and the sweep share them. */
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
    AgentRegistry agentRegistry(
            AgentStore store, EventDrafts drafts, AuditTrail audit, List<AgentListener> listeners, JsonMapper json) {
        return new AgentRegistry(store, drafts, audit, listeners, json);
    }

    @Bean
    AgentPresence agentPresence(EventLog log, AgentStore store, AgentRegistry registry, Clock clock) {
        return new AgentPresence(log, store, registry, clock);
    }

    @Bean(initMethod = "start")
    AgentLeases agentLeases(
            EventLog log,
            JdbcClient jdbc,
            AgentStore store,
            AgentRegistry registry,
            @Qualifier("deadlineScheduler") ScheduledExecutorService scheduler) {
        return new AgentLeases(log, jdbc, store, registry, scheduler);
    }

    @Bean
    Agents agents(AgentRegistry registry) {
        return new Agents(registry);
    }

    @Bean
    AgentMessages agentMessages(
            MessageStore store, AgentRegistry registry, EventDrafts drafts, AuditTrail audit, MessageDeltas deltas) {
        return new AgentMessages(store, registry, drafts, audit, deltas);
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
        ConcurrencyLimiter streamLimiter = new ConcurrencyLimiter(
                ConcurrencyLimiter.Limit.of(setting, settings.maxStreaming(), registry),
                ConcurrencyLimiter.Limit.of(setting + "-per-workspace", settings.maxStreamingPerWorkspace(), registry),
                ConcurrencyLimiter.Limit.of(setting + "-per-caller", settings.maxStreamingPerCaller(), registry));
        MessageDeltas deltas = new MessageDeltas(bus, json, settings.deltaInterval(), streamLimiter, clock, scheduler);
        Gauge.builder("heliograph.agents.streaming", deltas, MessageDeltas::streaming)
                .register(registry);
        return deltas;
    }

    @Bean
    StreamingMessages streamingMessages(EventLog log, MessageStore store, MessageDeltas deltas) {
        return new StreamingMessages(log, store, deltas);
    }
}
