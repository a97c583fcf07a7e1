package io.heliograph.socketio;

/** Is called with each socket that has connected. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface ConnectionListener {

    /** A thrown exception is reported to the observer; the socket stays connected. */
    void onConnection(Socket socket);
}
