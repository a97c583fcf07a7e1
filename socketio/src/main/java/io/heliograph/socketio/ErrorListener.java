package io.heliograph.socketio;

/** Is told that a packet's middleware refused an event of a socket. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface ErrorListener {

    void onError(ConnectError error);
}
