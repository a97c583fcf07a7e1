package io.heliograph.server.retention;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetentionConfiguration {

    @Bean
    RetentionTimer retentionTimer(List<RetentionTask> tasks, RetentionSettings settings, MeterRegistry registry) {
        return new RetentionTimer(tasks, settings.interval(), registry);
    }
}
