package io.heliograph.gateway;

import io.heliograph.eventlog.Event;
import io.heliograph.socketio.SocketIoObserver;
import java.util.List;
import java.util.Optional;

/**
 * Receives what the gateway and the layers below it do, for metrics and traces. A port: the application implements it.
 *
 * <p>Called on event loops, threads of feeds and virtual threads; implementations are fast and safe for many threads.
 */
public interface GatewayObserver extends SocketIoObserver {
    /** Ignores everything. */
    GatewayObserver NONE = new GatewayObserver() {};

    /** A client was refused at its handshake or its CONNECT, with a code as in {@link GatewayError}. */
    default void refused(String code) {}

    /** A client has met a limit. */
    default void limitMet(Limit limit) {}

    /** {@code outcome}: fresh, continued, recovered, malformed, or the reason of a reset. */
    default void recovery(String outcome) {}

    /** The id of the trace that an event belongs to; asked once for each event that sockets get. */
    default Optional<String> traceId(Event event) {
        return Optional.empty();
    }

    /** New events were handed to the event loops of their sockets. */
    default void delivered(List<OutgoingEvent> batch) {}
}
