package io.heliograph.server.gateway;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Transport;
import io.heliograph.server.web.ErrorCode;
import io.heliograph.socketio.DisconnectReason;
import io.heliograph.socketio.SocketIoObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway tells of itself, under {@code heliograph.gateway.}. Safe from any thread. */
final class GatewayMetrics implements SocketIoObserver {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMetrics.class);

    private final MeterRegistry registry;
    private final Clock clock;
    private final AtomicInteger sockets;
    private final Counter delivered;
    private final Counter malformed;
    private final Timer commitToWrite;

    GatewayMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        sockets = registry.gauge("heliograph.gateway.sockets", new AtomicInteger());
        delivered = registry.counter("heliograph.gateway.events.delivered");
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

    void connected() {
        sockets.incrementAndGet();
    }

    void disconnected(DisconnectReason reason) {
        sockets.decrementAndGet();
        registry.counter("heliograph.gateway.disconnects", "reason", reason.text())
                .increment();
    }

    void refused(ErrorCode code) {
        registry.counter("heliograph.gateway.connects.refused", "code", code.code())
                .increment();
    }

    /** A client has met a limit. */
    void met(Limit limit) {
        limit(limit).increment();
    }

    private Counter limit(Limit limit) {
        return registry.counter("heliograph.gateway.limits.met", "limit", limit.key());
    }

    /** {@code outcome}: fresh, continued, recovered, malformed, or the reason of a reset. */
    void recovery(String outcome) {
        registry.counter("heliograph.gateway.recoveries", "outcome", outcome).increment();
    }

    void delivered(List<Outgoing> batch) {
        delivered.increment(batch.size());
        long now = clock.millis();
        for (Outgoing outgoing : batch) {
            commitToWrite.record(
                    Duration.ofMillis(Math.max(0, now - outgoing.at().toEpochMilli())));
        }
    }

    @Override
    public void sessionClosed(Transport transport, CloseReason reason) {
        registry.counter(
                        "heliograph.gateway.sessions.closed",
                        "transport",
                        transport.name().toLowerCase(Locale.ROOT),
                        "reason",
                        reason.name().toLowerCase(Locale.ROOT))
                .increment();
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
