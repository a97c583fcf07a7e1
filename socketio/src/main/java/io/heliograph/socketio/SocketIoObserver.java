package io.heliograph.socketio;

import io.heliograph.engineio.EngineObserver;

/**
 * Is told what the server does, for metrics and logs. Includes what the Engine.IO layer tells.
 *
 * <p>Threading: called on event loops and callers' threads; implementations are fast and safe for many threads.
 */
public interface SocketIoObserver extends EngineObserver {

    /** A socket has connected; {@code recovered} when it goes on from an earlier connection. */
    default void socketConnected(String namespace, boolean recovered) {}

    /** A socket that was connected has disconnected. */
    default void socketDisconnected(String namespace, DisconnectReason reason) {}

    /** Middleware, an unknown namespace, a limit or a failed recovery rejected a client. */
    default void connectRejected(String namespace) {}

    /** All listeners of one event have returned. */
    default void eventHandled(String namespace, String event, long nanos) {}

    /** A client's packet was malformed; its session ends. The reason never contains what it sent. */
    default void malformedPacket(String reason) {}

    /** One call has sent {@code packets} packets to a selection of sockets. */
    default void broadcast(String namespace, int packets) {}

    /** Middleware, a listener or a recovery threw. */
    default void callbackFailed(String namespace, String callback, Throwable failure) {
        System.getLogger(SocketIoObserver.class.getName())
                .log(System.Logger.Level.ERROR, callback + " failed in namespace " + namespace, failure);
    }

    /** An observer that logs failures of callbacks and ignores everything else. */
    static SocketIoObserver none() {
        return new SocketIoObserver() {};
    }
}
