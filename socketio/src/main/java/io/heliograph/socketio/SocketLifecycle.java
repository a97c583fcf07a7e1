package io.heliograph.socketio;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The life of one socket: the answer to CONNECT, the moment from which broadcasts reach it, and its end for whatever reason.
 *
 * <p>Threading: owned by the session's loop, but for {@link #onClosed}, which any thread may call.
 */
final class SocketLifecycle {

    private final Socket socket;
    private final SocketState state;
    private final SocketOutbound outbound;
    private final SocketEvents events;
    private final SocketRooms rooms;

    // Owned by the loop. The membership in the room of everyone begins when the socket becomes reachable.
    private Optional<Room.Membership> everyone = Optional.empty();
    private List<Runnable> closeActions = List.of();

    SocketLifecycle(Socket socket, SocketState state, SocketOutbound outbound, SocketEvents events, SocketRooms rooms) {
        this.socket = socket;
        this.state = state;
        this.outbound = outbound;
        this.events = events;
        this.rooms = rooms;
    }

    /** Runs {@code action} on the loop when the socket has left, or at once when that has happened. */
    void onClosed(Runnable action) {
        socket.loop().execute(() -> {
            if (state.closed()) {
                guarded("a listener for the end", action);
            } else {
                List<Runnable> more = new ArrayList<>(closeActions);
                more.add(action);
                closeActions = List.copyOf(more);
            }
        });
    }

    /** Answers CONNECT, and lets what belongs right behind the answer go out before all else. */
    void connect(Recovery.Outcome outcome) {
        switch (outcome) {
            case Recovery.Recovered former -> state.recover(former);
            case Recovery.Fresh fresh -> state.connect(pid(fresh));
        }
        outbound.answerConnect(() ->
                guarded("recovery's afterAnswer", () -> outcome.afterAnswer().accept(socket)));
        becomeReachable();
        namespace().connected(socket);
    }

    /**
     * From now on the socket is reached by its id, and by what is sent to everyone. A recovery calls it before the answer is
     * complete, in the same step in which it decides what the client missed.
     */
    void becomeReachable() {
        if (everyone.isEmpty()) {
            everyone = Optional.of(namespace().registry().add(socket));
        }
    }

    /** The socket was never connected, and will not be. */
    void abandon() {
        state.close();
        rooms.close();
        namespace().registry().remove(socket);
        runCloseActions();
    }

    /** Tells the client that it is disconnected from the namespace; the session goes on. */
    void disconnect() {
        if (state.connected()) {
            outbound.disconnect();
            leave(DisconnectReason.SERVER_NAMESPACE_DISCONNECT);
        }
    }

    /** The socket leaves its namespace, for whatever reason. */
    void leave(DisconnectReason reason) {
        if (!state.connected()) {
            abandon();
            return;
        }
        state.close();
        everyone.ifPresent(namespace().registry()::leaveEveryone);
        List<String> left = rooms.close();
        socket.client().left(socket, reason);
        namespace().registry().remove(socket);
        outbound.close();
        namespace().disconnected(socket, reason, left);
        events.closed(reason, left);
        runCloseActions();
    }

    /** Without recovery a client has none. */
    private Optional<String> pid(Recovery.Fresh fresh) {
        SocketIoServer server = namespace().server();
        return server.recovery().map(present -> fresh.pid().orElseGet(server::newId));
    }

    private void runCloseActions() {
        List<Runnable> actions = closeActions;
        closeActions = List.of();
        actions.forEach(action -> guarded("a listener for the end", action));
    }

    private Namespace namespace() {
        return socket.namespace();
    }

    private void guarded(String callback, Runnable call) {
        socket.client().guarded(namespace().name(), callback, call);
    }
}
