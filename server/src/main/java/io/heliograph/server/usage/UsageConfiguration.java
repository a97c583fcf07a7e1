package io.heliograph.server.usage;

import io.heliograph.server.limits.RateLimiter;
import io.heliograph.server.limits.WorkspaceUsage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Wires the sources that belong to no feature, which come first. */
@Configuration(proxyBeanMethods = false)
class UsageConfiguration {

    @Bean
    @Order(0)
    UsageSource storedUsage(WorkspaceUsage usage) {
        return new StoredUsage(usage);
    }

    @Bean
    @Order(1)
    UsageSource rateUsage(RateLimiter limiter) {
        return new RateUsage(limiter);
    }
}
