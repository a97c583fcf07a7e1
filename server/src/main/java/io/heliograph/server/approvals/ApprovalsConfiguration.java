package io.heliograph.server.approvals;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.Ticker;
import io.heliograph.server.agents.AgentRegistry;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionSettings;
import io.heliograph.server.retention.RetentionTask;
import io.heliograph.server.search.SearchSource;
import io.heliograph.server.usage.UsageSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Wires the feature. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ApprovalSettings.class, RetentionSettings.class})
class ApprovalsConfiguration {

    @Bean
    ApprovalStore approvalStore(JsonMapper json, WorkspaceUsage usage) {
        return new ApprovalStore(json, usage);
    }

    @Bean
    ApprovalPages approvalPages(JsonMapper json) {
        return new ApprovalPages(json);
    }

    @Bean
    SearchSource approvalDocuments(JsonMapper json) {
        return new ApprovalDocuments(json);
    }

    @Bean
    RetentionTask decidedApprovalRetention(
            EventLog log, JdbcClient jdbc, ApprovalStore store, RetentionSettings settings, Clock clock) {
        return new AgedRows("approvals", "approval", "resolved_at", settings.decidedApprovals())
                .removedBy(log, jdbc, clock, store::remove);
    }

    @Bean
    ApprovalSummary approvalSummary(ApprovalStore store) {
        return new ApprovalSummary(store);
    }

    @Bean
    ApprovalWaits approvalWaits(Bus bus) {
        return new ApprovalWaits(bus);
    }

    /** Limits the requests that wait at the same time. */
    @Bean
    ConcurrencyLimiter approvalWaiters(ApprovalSettings settings, MeterRegistry registry) {
        String setting = "heliograph.approvals.max-waiters";
        ConcurrencyLimiter waiters = new ConcurrencyLimiter(
                ConcurrencyLimiter.Limit.of(setting, settings.maxWaiters(), registry),
                ConcurrencyLimiter.Limit.of(setting + "-per-workspace", settings.maxWaitersPerWorkspace(), registry),
                ConcurrencyLimiter.Limit.of(setting + "-per-caller", settings.maxWaitersPerCaller(), registry));
        Gauge.builder("heliograph.approvals.waiters", waiters, ConcurrencyLimiter::taken)
                .description("Requests that wait for a change of an approval")
                .register(registry);
        return waiters;
    }

    @Bean
    UsageSource approvalWaiterUsage(@Qualifier("approvalWaiters") ConcurrencyLimiter waiters) {
        return UsageSource.of("waits", "requests", waiters);
    }

    @Bean
    SchemaChecks schemaChecks(ApprovalSettings settings, MeterRegistry registry) {
        return new SchemaChecks(settings, registry);
    }

    /** With a bus, changes of other nodes wake this node's waiters. */
    @Bean
    Subscription approvalHints(ObjectProvider<Bus> bus, ApprovalWaits waits, JsonMapper json) {
        Bus present = bus.getIfAvailable();
        return present == null ? () -> {} : present.subscribe(new ApprovalHints(waits, json));
    }

    @Bean
    ApprovalEventPublisher approvalEventPublisher(
            EventDrafts drafts,
            AuditTrail audit,
            AgentRegistry agents,
            List<ApprovalListener> listeners,
            ApprovalWaits waits,
            JsonMapper json) {
        return new ApprovalEventPublisher(drafts, audit, agents, listeners, waits, json);
    }

    @Bean
    Approvals approvals(ApprovalStore store, ApprovalEventPublisher publisher, AgentRegistry agents, JsonMapper json) {
        return new Approvals(store, publisher, agents, json);
    }

    @Bean
    Decisions decisions(
            EventLog log,
            ApprovalStore store,
            ApprovalEventPublisher publisher,
            Approvals approvals,
            ApprovalSettings settings,
            SchemaChecks schemas) {
        return new Decisions(log, store, publisher, approvals, settings, schemas);
    }

    @Bean
    Claims claims(ApprovalStore store, ApprovalEventPublisher publisher, JsonMapper json) {
        return new Claims(store, publisher, json);
    }

    @Bean
    ApprovalReads approvalReads(
            EventLog log,
            ApprovalStore store,
            ApprovalPages pages,
            ApprovalWaits waits,
            @Qualifier("approvalWaiters") ConcurrencyLimiter waiters,
            AuditTrail audit,
            Ticker clock) {
        return new ApprovalReads(log, store, pages, waits, waiters, audit, clock);
    }

    @Bean(initMethod = "start")
    LostHints lostHints(
            EventLog log,
            ApprovalStore store,
            ApprovalWaits waits,
            @Qualifier("deadlineScheduler") ScheduledExecutorService scheduler) {
        return new LostHints(log, store, waits, scheduler);
    }

    @Bean(initMethod = "start")
    DeadlineSweeper deadlineSweeper(
            EventLog log,
            JdbcClient jdbc,
            Approvals approvals,
            Claims claims,
            @Qualifier("deadlineScheduler") ScheduledExecutorService scheduler) {
        return new DeadlineSweeper(log, jdbc, approvals, claims, scheduler);
    }
}
