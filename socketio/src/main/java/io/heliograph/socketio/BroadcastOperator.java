package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A set of sockets of one namespace, for emitting and for commands: the members of any of the chosen rooms, each once,
 * except those in an excepted room. Without rooms it is all sockets. A socket's id addresses that socket.
 *
 * <p>Each event is encoded once, whatever the number of receivers. Immutable, safe from any thread. Source: Node's {@code
 * BroadcastOperator}.
 */
public final class BroadcastOperator {

    private final Namespace namespace;
    private final Selection selection;
    private final Flags flags;

    private BroadcastOperator(Namespace namespace, Selection selection, Flags flags) {
        this.namespace = namespace;
        this.selection = selection;
        this.flags = flags;
    }

    static BroadcastOperator of(Namespace namespace) {
        return new BroadcastOperator(namespace, Selection.EVERYONE, Flags.NONE);
    }

    /** Adds rooms: the union of their members. */
    public BroadcastOperator to(String... rooms) {
        return to(List.of(rooms));
    }

    /** Adds rooms: the union of their members. */
    public BroadcastOperator to(Collection<String> rooms) {
        return new BroadcastOperator(namespace, selection.to(rooms), flags);
    }

    /** The same as {@link #to(String...)}. */
    public BroadcastOperator in(String... rooms) {
        return to(rooms);
    }

    /** Excludes the members of these rooms. */
    public BroadcastOperator except(String... rooms) {
        return except(List.of(rooms));
    }

    /** Excludes the members of these rooms. */
    public BroadcastOperator except(Collection<String> rooms) {
        return new BroadcastOperator(namespace, selection.without(rooms), flags);
    }

    /** Drops events for receivers whose transport is not writable. Node's {@code volatile}. */
    public BroadcastOperator asVolatile() {
        return new BroadcastOperator(namespace, selection, flags.withVolatile());
    }

    /** Whether polling responses may be compressed for it. */
    public BroadcastOperator compress(boolean compress) {
        return new BroadcastOperator(namespace, selection, flags.withCompress(compress));
    }

    /** How long {@link #emitWithAck} waits. */
    public BroadcastOperator timeout(Duration timeout) {
        return new BroadcastOperator(namespace, selection, flags.withTimeout(timeout));
    }

    /** Only the sockets of this node. */
    public BroadcastOperator local() {
        return new BroadcastOperator(namespace, selection, flags.withLocal());
    }

    /**
     * Sends an event to all of them.
     *
     * @param arguments anything that Jackson can write, read before this returns; {@code byte[]} goes as an attachment
     */
    public void emit(String event, Object... arguments) {
        namespace.broadcast().emit(selection, flags, event, Arrays.asList(arguments));
    }

    /**
     * Sends an event to all of them and completes with their answers, in no order. Fails with {@link AckException} when one
     * of them disconnects, or does not answer within the timeout.
     *
     * @throws IllegalStateException when no timeout is set
     */
    public CompletionStage<List<Arguments>> emitWithAck(String event, Object... arguments) {
        return namespace.broadcast().emitWithAck(selection, flags, event, Arrays.asList(arguments));
    }

    /** Sends an event that was encoded before, to the sockets of this node. */
    public void send(PreparedEvent event) {
        namespace.broadcast().send(selection, flags, event.messages(namespace.name()), 1);
    }

    /** Sends events that were encoded before, in this order, to the sockets of this node. */
    public void send(Collection<PreparedEvent> events) {
        List<Message> messages = events.stream()
                .flatMap(event -> event.messages(namespace.name()).stream())
                .toList();
        namespace.broadcast().send(selection, flags, messages, events.size());
    }

    /** The selected sockets, as they are now. Fails with {@link AckException} when another node does not answer in time. */
    public CompletionStage<List<RemoteSocket>> fetchSockets() {
        return namespace.broadcast().fetch(selection, flags);
    }

    /** Lets all of them join rooms. */
    public void socketsJoin(String... rooms) {
        namespace.broadcast().join(selection, flags, List.of(rooms));
    }

    /** Lets all of them leave rooms. */
    public void socketsLeave(String... rooms) {
        namespace.broadcast().leave(selection, flags, List.of(rooms));
    }

    /** Disconnects all of them from the namespace; with {@code close}, ends their sessions. */
    public void disconnectSockets(boolean close) {
        namespace.broadcast().disconnect(selection, flags, close);
    }

    BroadcastOperator exceptSocket(Socket socket) {
        return except(socket.id());
    }
}
