package io.heliograph.socketio;

/** Is called with each socket that has connected. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface ConnectionListener {

    void onConnection(Socket socket);
}
