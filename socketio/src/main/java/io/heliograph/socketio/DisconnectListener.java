package io.heliograph.socketio;

import java.util.List;

/** Is called when a socket has disconnected. Runs where {@link Callbacks} says, after everything the socket had sent. */
@FunctionalInterface
public interface DisconnectListener {

    /**
     * The socket has disconnected.
     *
     * @param rooms the rooms that the socket was in until then
     */
    void onDisconnect(DisconnectReason reason, List<String> rooms);
}
