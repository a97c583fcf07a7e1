package io.heliograph.server.storage;

import io.heliograph.eventlog.BusMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of a bus between nodes. Immutable. */
public final class MeteredBus implements BusMetrics {
    private final Counter published;
    private final Counter received;
    private final Counter dropped;

    public MeteredBus(MeterRegistry registry) {
        published = registry.counter("heliograph.bus.published");
        received = registry.counter("heliograph.bus.received");
        dropped = registry.counter("heliograph.bus.dropped");
    }

    @Override
    public void published() {
        published.increment();
    }

    @Override
    public void received() {
        received.increment();
    }

    @Override
    public void dropped() {
        dropped.increment();
    }
}
