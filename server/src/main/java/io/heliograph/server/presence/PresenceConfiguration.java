package io.heliograph.server.presence;

import io.heliograph.eventlog.Bus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Wires the feature. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PresenceSettings.class)
class PresenceConfiguration {

    /** Closed by itself; what it has is no bean, because others ask for a timer or an executor by its type. */
    @Bean
    PresenceThreads presenceThreads() {
        return new PresenceThreads();
    }

    @Bean
    Presence presence(
            Bus bus, JsonMapper json, PresenceSettings settings, MeterRegistry registry, PresenceThreads threads) {
        Presence presence =
                new Presence(bus, json, settings, new PresenceMetrics(registry), threads.scheduler(), threads.worker());
        Gauge.builder("heliograph.presence.workspaces", presence, Presence::workspaces)
                .register(registry);
        return presence;
    }
}
