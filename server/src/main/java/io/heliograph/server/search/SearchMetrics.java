package io.heliograph.server.search;

import io.heliograph.eventlog.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;

/** Metrics of the index. Safe from any thread. */
final class SearchMetrics {
    private final Ticker clock;
    private final Counter indexed;
    private final Counter failures;
    private volatile long completeNanos;
    private volatile int unfilled;

    SearchMetrics(MeterRegistry registry, Ticker clock) {
        this.clock = clock;
        this.completeNanos = clock.nanoTime();
        this.indexed = registry.counter("heliograph.search.indexed");
        this.failures = registry.counter("heliograph.search.failures");
        TimeGauge.builder("heliograph.search.lag", this, TimeUnit.NANOSECONDS, SearchMetrics::lagNanos)
                .register(registry);
        registry.gauge("heliograph.search.unfilled", this, metrics -> metrics.unfilled);
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    private double lagNanos() {
        return clock.nanoTime() - completeNanos;
    }

    /** The index had all events that there were at this time. */
    void complete(long atNanos) {
        completeNanos = atNanos;
    }

    /** Workspaces whose earlier approvals are not all indexed. */
    void unfilled(int workspaces) {
        unfilled = workspaces;
    }

    void indexed(int documents) {
        indexed.increment(documents);
    }

    void failed() {
        failures.increment();
    }
}
