package io.heliograph.socketio;

/**
 * What a middleware calls when it has decided: exactly one of these, once, from any thread. Later calls have no effect.
 */
public interface Next {

    /** Accepts, and continues with the next middleware. */
    void proceed();

    /** Rejects. In a connection's middleware the client gets the error, in a packet's the socket's error listener. */
    void reject(ConnectError error);
}
