package io.heliograph.server.search;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Ticker;
import io.heliograph.server.storage.DerivedTables;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the feature. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SearchSettings.class)
class SearchConfiguration {

    @Bean
    SearchMetrics searchMetrics(MeterRegistry registry, Ticker clock) {
        return new SearchMetrics(registry, clock);
    }

    @Bean
    IndexFeeder indexFeeder(
            EventLog log,
            JdbcClient jdbc,
            DerivedTables tables,
            SearchSource source,
            SearchMetrics metrics,
            SearchSettings settings) {
        return new IndexFeeder(log, jdbc, tables, source, metrics, settings.batch());
    }

    @Bean(initMethod = "start")
    SearchFeed searchFeed(IndexFeeder feeder, SearchMetrics metrics, SearchSettings settings) {
        return new SearchFeed(feeder, metrics, settings.interval());
    }
}
