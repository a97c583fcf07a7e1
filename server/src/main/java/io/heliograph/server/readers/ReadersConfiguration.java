package io.heliograph.server.readers;

import io.heliograph.eventlog.Feeds;
import io.heliograph.server.workspaces.Credentials;
import io.heliograph.server.workspaces.Revocations;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
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
    Grant readerGrant(Credentials credentials, Revocations revocations, Clock clock) {
        return new Grant(credentials, revocations, clock);
    }

    @Bean
    EventStreams eventStreams(Feeds<?> feeds, Grant grant, ReaderSettings settings, MeterRegistry registry) {
        return new EventStreams(feeds, grant, settings, registry.counter("heliograph.readers.slow.closes"));
    }
}
