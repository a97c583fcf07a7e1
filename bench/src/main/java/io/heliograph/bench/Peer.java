package io.heliograph.bench;

import java.util.List;

/**
 * A server under test, as a command.
 *
 * <p>It listens on a port of 127.0.0.1 of its choice and prints {@code listening PORT}; puts every socket into one
 * room; sends each event {@code publish} to the room as {@code tick} with the same single argument; answers the line
 * {@code gc} on its input with {@code heap BYTES} after a full collection; and ends when its input ends.
 */
record Peer(String name, List<String> command) {
    static final String OURS = "heliograph";
    static final String NODE = "node";
    static final String NETTY_SOCKETIO = "netty-socketio";
    static final String BARE = "bare";

    Peer {
        command = List.copyOf(command);
    }
}
