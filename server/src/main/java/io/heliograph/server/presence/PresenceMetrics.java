package io.heliograph.server.presence;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of presence. Safe from any thread. */
final class PresenceMetrics {
    private final Counter updates;
    private final Counter truncated;
    private final Counter dropped;

    PresenceMetrics(MeterRegistry registry) {
        this.updates = registry.counter("heliograph.presence.updates");
        this.truncated = registry.counter("heliograph.presence.updates.truncated");
        this.dropped = registry.counter("heliograph.presence.dropped");
    }

    void sent(boolean isTruncated) {
        updates.increment();
        if (isTruncated) {
            truncated.increment();
        }
    }

    /** An update or another node's message was dropped, because too many came or it was not understood. */
    void dropped() {
        dropped.increment();
    }
}
