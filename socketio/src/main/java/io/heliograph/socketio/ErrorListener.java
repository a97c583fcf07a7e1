package io.heliograph.socketio;

/** Is called when a packet's middleware has rejected an event of a socket. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface ErrorListener {

    /** A thrown exception is reported to the observer. */
    void onError(ConnectError error);
}
