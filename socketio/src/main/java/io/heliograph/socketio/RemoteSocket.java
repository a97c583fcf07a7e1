package io.heliograph.socketio;

import java.util.Optional;
import java.util.Set;

/**
 * A socket as {@link BroadcastOperator#fetchSockets} saw it, possibly on another node. Commands reach the
 * socket as long as it is connected. Immutable, safe from any thread.
 */
public final class RemoteSocket {

    private final Namespace namespace;
    private final String id;
    private final Set<String> rooms;
    private final Optional<Object> data;

    RemoteSocket(Namespace namespace, String id, Set<String> rooms, Optional<Object> data) {
        this.namespace = namespace;
        this.id = id;
        this.rooms = Set.copyOf(rooms);
        this.data = data;
    }

    /** Its id, by which it is addressed. */
    public String id() {
        return id;
    }

    /** The rooms that it was in. */
    public Set<String> rooms() {
        return rooms;
    }

    /** What the application kept with it. */
    public Optional<Object> data() {
        return data;
    }

    /** Sends it an event; see {@link BroadcastOperator#emit}. */
    public void emit(String event, Object... arguments) {
        operator().emit(event, arguments);
    }

    /** Lets it join rooms. */
    public void join(String... names) {
        operator().socketsJoin(names);
    }

    /** Lets it leave rooms. */
    public void leave(String... names) {
        operator().socketsLeave(names);
    }

    /** Disconnects it from the namespace; with {@code close}, ends its session. */
    public void disconnect(boolean close) {
        operator().disconnectSockets(close);
    }

    /** Selects this socket, for emitting with flags. */
    public BroadcastOperator operator() {
        return BroadcastOperator.of(namespace).to(id);
    }
}
