package io.heliograph.server.publishing;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.approvals.SchemaChecks;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionTask;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
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
