package io.heliograph.server.views;

import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.limits.WorkspaceUsage;
import io.heliograph.server.usage.UsageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the feature. */
@Configuration(proxyBeanMethods = false)
class ViewsConfiguration {

    @Bean
    Views views(AuditTrail audit, WorkspaceUsage usage) {
        return new Views(audit, usage);
    }

    @Bean
    UsageSource viewUsage(WorkspaceUsage usage) {
        return new ViewUsage(usage);
    }
}
