package io.heliograph.server.gateway;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.ProtocolError;
import io.heliograph.engineio.Transport;
import io.heliograph.eventlog.Event;
import io.heliograph.gateway.EventsGateway;
import io.heliograph.gateway.GatewayObserver;
import io.heliograph.gateway.Limit;
import io.heliograph.gateway.OutgoingEvent;
import io.heliograph.server.events.TraceId;
import io.heliograph.server.events.Traces;
import io.heliograph.socketio.DisconnectReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics of the gateway and its sockets, under {@code heliograph.gateway.}. Safe from any thread. */
final class GatewayMetrics implements GatewayObserver {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMetrics.class);
    private static final Duration LOG_PERIOD = Duration.ofMinutes(1);

    private static final int LARGEST_CLASS = 1_000;

    private final MeterRegistry registry;
    private final Clock clock;
    private final Traces traces;
    private final AtomicLong unknownSessionLogged = new AtomicLong();
    private final AtomicInteger sockets;
    private final Counter delivered;
    private final Counter malformed;
    private final Counter slow;
    private final Counter volatileSent;
    private final Counter volatileDropped;
    private final Timer commitToWrite;
    // Cached, because thousands of sockets may be lost at once.
    private final Map<DisconnectReason, Counter> disconnects = new ConcurrentHashMap<>();
    private final Map<Closing, Counter> sessionsClosed = new ConcurrentHashMap<>();

    private record Closing(Transport transport, CloseReason reason) {}

    GatewayMetrics(MeterRegistry registry, Clock clock, Traces traces) {
        this.registry = registry;
        this.clock = clock;
        this.traces = traces;
        sockets = registry.gauge("heliograph.gateway.sockets", new AtomicInteger());
        delivered = registry.counter("heliograph.gateway.events.delivered");
        volatileSent = registry.counter("heliograph.gateway.volatile.sent");
        volatileDropped = registry.counter("heliograph.gateway.volatile.dropped");
        slow = registry.counter("heliograph.gateway.slow.closes");
        malformed = registry.counter("heliograph.gateway.packets.malformed");
        for (Limit limit : Limit.values()) {
            limit(limit);
        }
        commitToWrite = Timer.builder("heliograph.gateway.commit.to.write")
                .description("From an event's commit until it was handed to the event loops of its sockets")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
    }

    @Override
    public void socketConnected(String namespace, boolean recovered) {
        sockets.incrementAndGet();
    }

    @Override
    public void socketDisconnected(String namespace, DisconnectReason reason) {
        sockets.decrementAndGet();
        disconnects.computeIfAbsent(reason, this::disconnects).increment();
    }

    private Counter disconnects(DisconnectReason reason) {
        return registry.counter("heliograph.gateway.disconnects", "reason", reason.text());
    }

    @Override
    public void refused(String code) {
        registry.counter("heliograph.gateway.connects.refused", "code", code).increment();
    }

    /**
     * Counts workspaces and sockets by the workspace's size; a time series per workspace would be unbounded.
     *
     * @param gateway is asked at each scrape
     */
    void watch(EventsGateway gateway) {
        for (int from = 1; from <= LARGEST_CLASS; from *= 10) {
            int least = from;
            int below = from == LARGEST_CLASS ? Integer.MAX_VALUE : from * 10;
            String size = from == LARGEST_CLASS ? from + "+" : from + "-" + (below - 1);
            Gauge.builder("heliograph.gateway.workspaces", gateway, all -> all.workspacesBetween(least, below))
                    .description("Workspaces that have sockets on this node, by how many")
                    .tag("sockets", size)
                    .register(registry);
            Gauge.builder("heliograph.gateway.workspaces.sockets", gateway, all -> all.socketsBetween(least, below))
                    .description("Sockets of workspaces that have so many on this node")
                    .tag("sockets", size)
                    .register(registry);
        }
        Gauge.builder("heliograph.gateway.connects.waiting", gateway, EventsGateway::connectsWaiting)
                .description("Clients that wait to be admitted")
                .register(registry);
    }

    @Override
    public void limitMet(Limit limit) {
        limit(limit).increment();
    }

    private Counter limit(Limit limit) {
        return registry.counter("heliograph.gateway.limits.met", "limit", limit.key());
    }

    @Override
    public void recovery(String outcome) {
        registry.counter("heliograph.gateway.recoveries", "outcome", outcome).increment();
    }

    @Override
    public Optional<String> traceId(Event event) {
        return traces.on() ? TraceId.of(event.payload().bytes()) : Optional.empty();
    }

    @Override
    public void delivered(List<OutgoingEvent> batch) {
        delivered.increment(batch.size());
        long now = clock.millis();
        for (OutgoingEvent event : batch) {
            commitToWrite.record(Duration.ofMillis(Math.max(0, now - event.at().toEpochMilli())));
            event.traceId().ifPresent(id -> traces.delivered(id, event.type(), event.at()));
        }
    }

    /** A volatile event was handed to the event loops; sockets that are not writable do not receive it. */
    void volatileSent() {
        volatileSent.increment();
    }

    /** A volatile event was dropped, because more came than could be sent. */
    void volatileDropped() {
        volatileDropped.increment();
    }

    @Override
    public void requestRefused(ProtocolError error) {
        registry.counter(
                        "heliograph.gateway.requests.refused",
                        "error",
                        error.name().toLowerCase(Locale.ROOT))
                .increment();
        if (error == ProtocolError.UNKNOWN_SID) {
            logUnknownSession();
        }
    }

    /** At most once per {@link #LOG_PERIOD}; the metric counts all. */
    private void logUnknownSession() {
        long now = clock.millis();
        long last = unknownSessionLogged.get();
        if (now - last >= LOG_PERIOD.toMillis() && unknownSessionLogged.compareAndSet(last, now)) {
            LOG.info("A client asked for an Engine.IO session that this node does not have. After a restart that is"
                    + " expected; otherwise a proxy sends requests of one session to several nodes: see Behind a proxy"
                    + " in docs/OPERATIONS.md");
        }
    }

    @Override
    public void sessionClosed(Transport transport, CloseReason reason) {
        if (reason == CloseReason.SLOW_CONSUMER) {
            slow.increment();
        }
        sessionsClosed
                .computeIfAbsent(new Closing(transport, reason), this::sessionsClosed)
                .increment();
    }

    private Counter sessionsClosed(Closing closing) {
        return registry.counter(
                "heliograph.gateway.sessions.closed",
                "transport",
                closing.transport().name().toLowerCase(Locale.ROOT),
                "reason",
                closing.reason().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void malformedPacket(String reason) {
        malformed.increment();
        LOG.info("a client's packet was malformed: {}", reason);
    }

    @Override
    public void callbackFailed(String namespace, String callback, Throwable failure) {
        LOG.error("{} failed in namespace {}", callback, namespace, failure);
    }
}
