package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.ProtocolError;
import io.heliograph.engineio.Transport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Metrics of one server for Micrometer, which is an optional dependency. It is the server's observer, counts from the
 * first session on, and shows the counts in every registry that it is bound to:
 *
 * <pre>{@code
 * SocketIoMetrics metrics = new SocketIoMetrics();
 * SocketIoServer io = SocketIoServer.builder().observer(metrics).build();
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <ul>
 *   <li>{@code socketio.sockets}: sockets that are connected now, in all namespaces
 *   <li>{@code socketio.connects}, tag {@code recovered}: sockets that have connected
 *   <li>{@code socketio.connects.rejected}: by middleware, an unknown namespace, a limit or a failed recovery
 *   <li>{@code socketio.disconnects}, tag {@code reason}: as {@link DisconnectReason#text} says it
 *   <li>{@code socketio.sessions}: Engine.IO sessions that are open now
 *   <li>{@code socketio.sessions.opened}, tag {@code transport}: where they began
 *   <li>{@code socketio.sessions.closed}, tag {@code reason}: as {@link CloseReason#text} says it; {@code slow consumer} are
 *       those that were closed because they read too slowly
 *   <li>{@code socketio.sessions.upgraded}: from polling to WebSocket
 *   <li>{@code socketio.requests.refused}: HTTP requests
 *   <li>{@code socketio.messages.received} and {@code socketio.bytes.received}: from clients
 *   <li>{@code socketio.bytes.sent}: to clients, before a transport's framing
 *   <li>{@code socketio.broadcast.packets}: packets given to selections of sockets, each counted once whatever the receivers
 *   <li>{@code socketio.packets.malformed}: each has ended its session
 *   <li>{@code socketio.events}: a timer: events handled by listeners, and the time that these took
 *   <li>{@code socketio.callbacks.failed}: middleware, listeners and recoveries that threw
 *   <li>{@code socketio.callers.waited}: calls that waited because a loop's queue was full
 * </ul>
 *
 * <p>No tag has a value that a client chooses. Threading: safe from any thread.
 */
public final class SocketIoMetrics implements SocketIoObserver, MeterBinder {

    private final SocketIoObserver next;
    private final LongAdder connected = new LongAdder();
    private final LongAdder recovered = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final Map<DisconnectReason, LongAdder> disconnected = adders(DisconnectReason.class);
    private final Map<Transport, LongAdder> opened = adders(Transport.class);
    private final Map<CloseReason, LongAdder> closed = adders(CloseReason.class);
    private final LongAdder upgraded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder broadcastPackets = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder eventNanos = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder waited = new LongAdder();

    /** Counts, and logs failures of callbacks as a server without an observer does. */
    public SocketIoMetrics() {
        this(SocketIoObserver.none());
    }

    /** Counts, and passes everything on to {@code next}. */
    public SocketIoMetrics(SocketIoObserver next) {
        this.next = next;
    }

    /** Shows the counts in a registry; the registry keeps them alive. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("socketio.sockets", this, metrics -> metrics.sockets())
                .strongReference(true)
                .register(registry);
        Gauge.builder("socketio.sessions", this, metrics -> metrics.sessions())
                .strongReference(true)
                .register(registry);
        count(registry, "socketio.connects", "recovered", "false", connected);
        count(registry, "socketio.connects", "recovered", "true", recovered);
        count(registry, "socketio.connects.rejected", rejected);
        count(registry, "socketio.disconnects", "reason", disconnected, DisconnectReason::text);
        count(registry, "socketio.sessions.opened", "transport", opened, Transport::wireName);
        count(registry, "socketio.sessions.closed", "reason", closed, CloseReason::text);
        count(registry, "socketio.sessions.upgraded", upgraded);
        count(registry, "socketio.requests.refused", refused);
        count(registry, "socketio.messages.received", messagesReceived);
        count(registry, "socketio.bytes.received", bytesReceived);
        count(registry, "socketio.bytes.sent", bytesSent);
        count(registry, "socketio.broadcast.packets", broadcastPackets);
        count(registry, "socketio.packets.malformed", malformed);
        count(registry, "socketio.callbacks.failed", failed);
        count(registry, "socketio.callers.waited", waited);
        FunctionTimer.builder(
                        "socketio.events",
                        this,
                        metrics -> metrics.events.sum(),
                        metrics -> metrics.eventNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .register(registry);
    }

    @Override
    public void socketConnected(String namespace, boolean isRecovered) {
        (isRecovered ? recovered : connected).increment();
        next.socketConnected(namespace, isRecovered);
    }

    @Override
    public void socketDisconnected(String namespace, DisconnectReason reason) {
        increment(disconnected, reason);
        next.socketDisconnected(namespace, reason);
    }

    @Override
    public void connectRejected(String namespace) {
        rejected.increment();
        next.connectRejected(namespace);
    }

    @Override
    public void eventHandled(String namespace, String event, long nanos) {
        events.increment();
        eventNanos.add(nanos);
        next.eventHandled(namespace, event, nanos);
    }

    @Override
    public void malformedPacket(String reason) {
        malformed.increment();
        next.malformedPacket(reason);
    }

    @Override
    public void broadcast(String namespace, int packets) {
        broadcastPackets.add(packets);
        next.broadcast(namespace, packets);
    }

    @Override
    public void callbackFailed(String namespace, String callback, Throwable failure) {
        failed.increment();
        next.callbackFailed(namespace, callback, failure);
    }

    @Override
    public void sessionOpened(Transport transport) {
        increment(opened, transport);
        next.sessionOpened(transport);
    }

    @Override
    public void sessionClosed(Transport transport, CloseReason reason) {
        increment(closed, reason);
        next.sessionClosed(transport, reason);
    }

    @Override
    public void sessionUpgraded() {
        upgraded.increment();
        next.sessionUpgraded();
    }

    @Override
    public void requestRefused(ProtocolError error) {
        refused.increment();
        next.requestRefused(error);
    }

    @Override
    public void flushed(int sessions, long bytes) {
        bytesSent.add(bytes);
        next.flushed(sessions, bytes);
    }

    @Override
    public void received(int bytes) {
        messagesReceived.increment();
        bytesReceived.add(bytes);
        next.received(bytes);
    }

    @Override
    public void callerWaited() {
        waited.increment();
        next.callerWaited();
    }

    // What has ended is read first: the difference is never negative.
    private long sockets() {
        long ended = sum(disconnected);
        return connected.sum() + recovered.sum() - ended;
    }

    private long sessions() {
        long ended = sum(closed);
        return sum(opened) - ended;
    }

    private static long sum(Map<?, LongAdder> adders) {
        return adders.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private static <K> void increment(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        if (adder != null) {
            adder.increment();
        }
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            adders.put(value, new LongAdder());
        }
        return adders;
    }

    private static void count(MeterRegistry registry, String name, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum).register(registry);
    }

    private static void count(MeterRegistry registry, String name, String tag, String value, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum).tag(tag, value).register(registry);
    }

    private static <E> void count(
            MeterRegistry registry, String name, String tag, Map<E, LongAdder> adders, Function<E, String> text) {
        adders.forEach((value, adder) -> count(registry, name, tag, text.apply(value), adder));
    }
}
