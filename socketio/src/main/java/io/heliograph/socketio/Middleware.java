package io.heliograph.socketio;

/**
 * Decides whether a client may connect to a namespace; also when it recovers. Nothing is sent to the client before all of
 * them have accepted it.
 *
 * <p>Runs where {@link Callbacks} says; {@code next} may be called later, from any thread. A thrown exception rejects with
 * {@code Internal error}.
 */
@FunctionalInterface
public interface Middleware {

    /**
     * A client wants to connect.
     *
     * @param socket not connected yet: its handshake and auth can be read, its data set, and rooms joined
     */
    void handle(Socket socket, Next next);
}
