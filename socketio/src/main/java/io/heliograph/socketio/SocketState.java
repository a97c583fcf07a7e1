package io.heliograph.socketio;

import java.util.Optional;

/**
 * Who a socket is and how far its connection has come.
 *
 * <p>Threading: written by the session's loop, read by any thread.
 */
final class SocketState {

    private enum Phase {
        /** Middleware or recovery still decides. */
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    private volatile Phase phase = Phase.CONNECTING;
    private volatile String id;
    private volatile Optional<String> pid = Optional.empty();
    private volatile boolean recovered;

    SocketState(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    Optional<String> pid() {
        return pid;
    }

    boolean recovered() {
        return recovered;
    }

    boolean connecting() {
        return phase == Phase.CONNECTING;
    }

    boolean connected() {
        return phase == Phase.CONNECTED;
    }

    boolean closed() {
        return phase == Phase.CLOSED;
    }

    /** The client goes on where its former connection ended. */
    void recover(Recovery.Recovered former) {
        recovered = true;
        pid = Optional.of(former.pid());
        former.socketId().ifPresent(formerId -> id = formerId);
        phase = Phase.CONNECTED;
    }

    /** The client starts anew; {@code pid} is what it presents to recover later. */
    void connect(Optional<String> pid) {
        this.pid = pid;
        phase = Phase.CONNECTED;
    }

    void close() {
        phase = Phase.CLOSED;
    }

    @Override
    public String toString() {
        return id + ", " + phase;
    }
}
