package io.heliograph.spring;

import io.heliograph.gateway.EventsGateway;
import io.heliograph.gateway.Limit;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Publishes {@link GatewayCounters} under {@code heliograph.}. Safe from any thread. */
final class HeliographMeterBinder implements MeterBinder {
    private final GatewayCounters counters;
    private final EventsGateway gateway;

    HeliographMeterBinder(GatewayCounters counters, EventsGateway gateway) {
        this.counters = counters;
        this.gateway = gateway;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("heliograph.gateway.sockets", counters.sockets, LongAdder::sum)
                .description("Sockets that are connected")
                .register(registry);
        Gauge.builder("heliograph.gateway.connects.waiting", gateway, EventsGateway::connectsWaiting)
                .description("Clients that wait to be admitted")
                .register(registry);
        Gauge.builder("heliograph.feeds.active", gateway, EventsGateway::activeFeeds)
                .description("Workspaces that have sockets")
                .register(registry);
        Gauge.builder("heliograph.feeds.memory.bytes", gateway, EventsGateway::feedBytes)
                .description("Bytes of the newest events that are kept in memory")
                .register(registry);
        counter(registry, "gateway.events.delivered", counters.delivered, "Events that were sent to sockets");
        counter(registry, "gateway.connects.refused", counters.refused, "Clients that were refused");
        counter(registry, "gateway.recoveries", counters.recovered, "Clients that continued where they were");
        counter(registry, "gateway.slow.closes", counters.slow, "Sockets closed because they did not read");
        counter(registry, "gateway.packets.malformed", counters.malformed, "Packets that were not as they must be");
        counter(registry, "gateway.callbacks.failed", counters.failedCallbacks, "Methods of socket events that threw");
        counter(registry, "feeds.gaps.filled", counters.gapFilled, "Events that no hint had brought");
        counter(registry, "feeds.resets", counters.resets, "Clients whose cursor the log could not serve");
        counter(registry, "feeds.reads.failed", counters.readsFailed, "Reads of the log that failed");
        counter(registry, "log.events.removed", counters.removed, "Events that retention removed");
        for (Map.Entry<Limit, LongAdder> limit : counters.limits().entrySet()) {
            FunctionCounter.builder("heliograph.gateway.limits.met", limit.getValue(), LongAdder::sum)
                    .description("How often clients met a limit")
                    .tag("limit", limit.getKey().key())
                    .register(registry);
        }
    }

    private static void counter(MeterRegistry registry, String name, LongAdder count, String description) {
        FunctionCounter.builder("heliograph." + name, count, LongAdder::sum)
                .description(description)
                .register(registry);
    }
}
