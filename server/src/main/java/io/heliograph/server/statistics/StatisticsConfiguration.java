package io.heliograph.server.statistics;

import com.github.benmanes.caffeine.cache.Ticker;
import io.heliograph.eventlog.EventLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the feature. */
@Configuration(proxyBeanMethods = false)
class StatisticsConfiguration {

    @Bean
    DecisionStatisticsCache decisionStatisticsCache(EventLog log) {
        return new DecisionStatisticsCache(log, Ticker.systemTicker(), DecisionStatisticsCache.MAX_ROWS);
    }
}
