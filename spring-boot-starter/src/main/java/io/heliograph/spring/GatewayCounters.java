package io.heliograph.spring;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Transport;
import io.heliograph.eventlog.FeedMetrics;
import io.heliograph.eventlog.LogMetrics;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.gateway.GatewayObserver;
import io.heliograph.gateway.Limit;
import io.heliograph.gateway.OutgoingEvent;
import io.heliograph.socketio.DisconnectReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the gateway, the feeds and the log do, and logs failures. Safe from any thread. */
final class GatewayCounters implements GatewayObserver, FeedMetrics, LogMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayCounters.class);

    final LongAdder sockets = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder recovered = new LongAdder();
    final LongAdder slow = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder failedCallbacks = new LongAdder();
    final LongAdder gapFilled = new LongAdder();
    final LongAdder resets = new LongAdder();
    final LongAdder readsFailed = new LongAdder();
    final LongAdder removed = new LongAdder();
    private final Map<Limit, LongAdder> limits = new EnumMap<>(Limit.class);

    GatewayCounters() {
        for (Limit limit : Limit.values()) {
            limits.put(limit, new LongAdder());
        }
    }

    Map<Limit, LongAdder> limits() {
        return limits;
    }

    @Override
    public void socketConnected(String namespace, boolean again) {
        sockets.increment();
    }

    @Override
    public void socketDisconnected(String namespace, DisconnectReason reason) {
        sockets.decrement();
    }

    @Override
    public void sessionClosed(Transport transport, CloseReason reason) {
        if (reason == CloseReason.SLOW_CONSUMER) {
            slow.increment();
        }
    }

    @Override
    public void refused(String code) {
        refused.increment();
    }

    @Override
    @SuppressWarnings("NullAway") // the constructor has put each
    public void limitMet(Limit limit) {
        limits.get(limit).increment();
    }

    @Override
    public void recovery(String outcome) {
        if (outcome.equals("recovered")) {
            recovered.increment();
        }
    }

    @Override
    public void delivered(List<OutgoingEvent> batch) {
        delivered.add(batch.size());
    }

    @Override
    public void delivered(int events, Duration lag) {
        // Counted when they are sent to sockets.
    }

    @Override
    public void malformedPacket(String reason) {
        malformed.increment();
        LOG.info("a client's packet was malformed: {}", reason);
    }

    @Override
    public void callbackFailed(String namespace, String callback, Throwable failure) {
        failedCallbacks.increment();
        LOG.error("{} failed in namespace {}", callback, namespace, failure);
    }

    @Override
    public void gapFilled(int events) {
        gapFilled.add(events);
    }

    @Override
    public void reset(ResetReason reason) {
        resets.increment();
    }

    @Override
    public void readFailed() {
        readsFailed.increment();
    }

    @Override
    public void removed(int events) {
        removed.add(events);
    }
}
