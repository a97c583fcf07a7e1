package io.heliograph.server.readers;

import io.heliograph.eventlog.Feeds;
import io.heliograph.server.identity.CredentialWatch;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the readers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReaderSettings.class)
class ReadersConfiguration {

    @Bean
    Places readerPlaces(ReaderSettings settings, MeterRegistry registry) {
        Places places = new Places(settings, registry);
        registry.gauge("heliograph.readers.open", places, Places::taken);
        return places;
    }

    @Bean
    EventStreams eventStreams(Feeds<?> feeds, CredentialWatch watch, ReaderSettings settings, MeterRegistry registry) {
        return new EventStreams(feeds, watch, settings, registry.counter("heliograph.readers.slow.closes"));
    }
}
