package io.heliograph.server.readers;

import io.heliograph.server.usage.UsageSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the readers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReaderSettings.class)
class ReadersConfiguration {

    @Bean
    LongPollLimiter longPollLimiter(ReaderSettings settings, MeterRegistry registry) {
        LongPollLimiter limiter = new LongPollLimiter(settings, registry);
        registry.gauge("heliograph.readers.open", limiter, LongPollLimiter::taken);
        return limiter;
    }

    @Bean
    UsageSource longPollUsage(LongPollLimiter limiter) {
        return limiter.usage();
    }

    @Bean
    StreamWriter streamWriter(ReaderSettings settings, MeterRegistry registry) {
        return new StreamWriter(settings.slowAfter(), registry.counter("heliograph.readers.slow.closes"));
    }
}
