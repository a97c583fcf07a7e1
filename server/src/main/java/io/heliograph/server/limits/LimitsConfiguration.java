package io.heliograph.server.limits;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitSettings.class)
class LimitsConfiguration {

    @Bean
    RateLimiter rateLimiter(LimitSettings settings, MeterRegistry registry) {
        return new RateLimiter(settings, TimeMeter.SYSTEM_MILLISECONDS, registry);
    }

    @Bean
    WorkspaceUsage workspaceUsage(LimitSettings settings, MeterRegistry registry) {
        return new WorkspaceUsage(settings, registry);
    }
}
