package io.heliograph.server.publishing;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.approvals.SchemaChecks;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionTask;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.usage.LimitUse;
import io.heliograph.server.usage.UsageSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the publishing of events. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PublishingSettings.class)
class PublishingConfiguration {

    @Bean
    EventPublisher eventPublisher(
            EventLog log,
            Bus bus,
            EventDrafts drafts,
            SchemaChecks schemas,
            PublishingSettings settings,
            Clock clock,
            MeterRegistry registry) {
        return new EventPublisher(log, bus, drafts, schemas, settings, clock, registry);
    }

    @Bean
    UsageSource eventTypeUsage(WorkspaceUsage usage) {
        return (snapshot, caller) -> List.of(LimitUse.stored(
                "eventTypes",
                usage.count(
                        Sql.in(snapshot),
                        WorkspaceLimit.EVENT_TYPES,
                        EventTypeStore.ROWS,
                        caller.workspace().value()),
                usage.limit(WorkspaceLimit.EVENT_TYPES),
                "types",
                LimitUse.Scope.WORKSPACE,
                WorkspaceLimit.EVENT_TYPES.setting()));
    }

    @Bean
    RetentionTask publishedEventRetention(EventLog log, JdbcClient jdbc, Clock clock) {
        return new AgedRows(
                        "event-ids",
                        "published_event",
                        PublishedEventStore.ROW_ID,
                        "created_at",
                        EventPublisher.KNOWN_FOR)
                .removedBy(log, jdbc, clock, PublishedEventStore::remove);
    }
}
