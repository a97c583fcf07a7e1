package io.heliograph.server.audit;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.ConcurrencyLimiter;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionSettings;
import io.heliograph.server.retention.RetentionTask;
import io.heliograph.server.usage.UsageSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@EnableConfigurationProperties({AuditSettings.class, RetentionSettings.class})
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean
    AuditTrail auditTrail(JsonMapper json) {
        return new AuditTrail(json);
    }

    /** Limits the exports that run at the same time. */
    @Bean
    ConcurrencyLimiter auditExports(AuditSettings settings, MeterRegistry registry) {
        String setting = "heliograph.audit.max-exports";
        ConcurrencyLimiter exports = new ConcurrencyLimiter(
                ConcurrencyLimiter.Limit.of(setting, settings.maxExports(), registry),
                ConcurrencyLimiter.Limit.of(setting + "-per-workspace", settings.maxExportsPerWorkspace(), registry),
                ConcurrencyLimiter.Limit.of(setting + "-per-caller", settings.maxExportsPerCaller(), registry));
        Gauge.builder("heliograph.audit.exports", exports, ConcurrencyLimiter::taken)
                .description("Exports of audit trails that run on this node")
                .register(registry);
        return exports;
    }

    @Bean
    UsageSource auditExportUsage(@Qualifier("auditExports") ConcurrencyLimiter exports) {
        return UsageSource.of("auditExports", "exports", exports);
    }

    @Bean
    RetentionTask auditRetention(EventLog log, JdbcClient jdbc, RetentionSettings settings, Clock clock) {
        return new AgedRows("audit-entries", "audit_entry", "at", settings.audit())
                .removedBy(log, jdbc, clock, AuditStore::remove);
    }
}
