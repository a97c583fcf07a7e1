package io.heliograph.socketio;

/** Takes the sockets that have connected. Runs where {@link Callbacks} says. */
@FunctionalInterface
public interface ConnectionListener {

    void onConnection(Socket socket);
}
