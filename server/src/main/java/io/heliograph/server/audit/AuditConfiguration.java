package io.heliograph.server.audit;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionSettings;
import io.heliograph.server.retention.RetentionTask;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@EnableConfigurationProperties(RetentionSettings.class)
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean
    AuditTrail auditTrail(JsonMapper json) {
        return new AuditTrail(json);
    }

    @Bean
    RetentionTask auditRetention(EventLog log, JdbcClient jdbc, RetentionSettings settings, Clock clock) {
        return new AgedRows("audit-entries", "audit_entry", "at", settings.audit())
                .removedBy(log, jdbc, clock, AuditStore::remove);
    }
}
