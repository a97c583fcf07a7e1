package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Message;
import io.heliograph.engineio.SessionLoop;
import io.heliograph.engineio.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A client's attachment to one namespace.
 *
 * <p>Threading: safe from any thread. What one thread sends, joins, leaves and ends through sockets and namespaces takes
 * effect in the order of the calls. Listeners run where {@link Callbacks} says.
 *
 * <p>Source: socket.io-protocol v5; Node's {@code Socket}.
 */
public final class Socket {

    private final Client client;
    private final Namespace namespace;
    private final boolean first;
    private final SocketState state;
    private final SocketOutbound outbound;
    private final SocketEvents events;
    private final SocketRooms rooms;
    private final SocketLifecycle lifecycle;

    // Replaced by any thread. Missing when it was erased.
    private volatile JsonNode auth;
    private volatile Optional<Object> data = Optional.empty();

    // Owned by the loop.
    private Visit mark = Visit.NONE;

    Socket(Client client, Namespace namespace, JsonNode auth, String id, boolean first) {
        this.client = client;
        this.namespace = namespace;
        this.auth = auth;
        this.first = first;
        this.state = new SocketState(id);
        this.outbound = new SocketOutbound(client.session(), namespace.server().parser(), namespace.name(), state);
        this.events = new SocketEvents(client, namespace, state, outbound);
        this.rooms = new SocketRooms(namespace.registry().rooms());
        this.lifecycle = new SocketLifecycle(this, state, outbound, events, rooms);
    }

    /** Random text of 20 characters. Not the session's id: this one is no secret. Final once the socket is connected. */
    public String id() {
        return state.id();
    }

    /** The namespace that it is attached to. */
    public Namespace namespace() {
        return namespace;
    }

    /** Whether no socket of the same session came before it, in any namespace. */
    public boolean first() {
        return first;
    }

    /** The HTTP request that began the session, with {@link #auth}; taken apart at each call. */
    public SocketHandshake handshake() {
        return SocketHandshake.of(client.session().handshake(), auth());
    }

    /** What the client sent along with CONNECT: an object, empty when it sent nothing or when that was erased. */
    public JsonNode auth() {
        JsonNode kept = auth;
        return kept.isMissingNode() ? JsonNodeFactory.instance.objectNode() : kept;
    }

    /**
     * Erases {@link #auth}, which otherwise stays in memory as long as the socket: it often holds a token. Call it when the
     * token is verified and the socket is connected; recovery reads {@code auth} too.
     */
    public void eraseCredentials() {
        auth = JsonNodeFactory.instance.missingNode();
    }

    /** What carries the session now; an upgrade changes it. */
    public Transport transport() {
        return client.session().transport();
    }

    /** Whether CONNECT was answered and the socket has not disconnected. */
    public boolean connected() {
        return state.connected();
    }

    /** Whether the client was told that its former connection goes on. */
    public boolean recovered() {
        return state.recovered();
    }

    /** The id that the client presents to recover; empty without recovery, and before the socket is connected. */
    public Optional<String> pid() {
        return state.pid();
    }

    /** The value that the application attached to this socket; empty when it is of another type. */
    public <T> Optional<T> data(Class<T> type) {
        return data.filter(type::isInstance).map(type::cast);
    }

    /** Attaches a value to this socket, and replaces the one before. */
    public void data(Object data) {
        this.data = Optional.of(data);
    }

    /** The rooms it has joined. Its own id is an address too, and is not among them. */
    public Set<String> rooms() {
        return rooms.names();
    }

    /** Joins rooms; broadcasts to them that this thread makes afterwards reach it. */
    public void join(String... names) {
        for (String name : names) {
            rooms.join(name, this);
        }
    }

    /** Joins rooms; broadcasts to them that this thread makes afterwards reach it. */
    public void join(Collection<String> names) {
        names.forEach(name -> rooms.join(name, this));
    }

    /** Leaves a room; no effect when the socket is not in it. */
    public void leave(String room) {
        rooms.leave(room);
    }

    /** Adds a listener of one event. */
    public void on(String event, SocketEventListener listener) {
        events.change(present -> present.withEvent(new Listeners.Named(event, listener, false)));
    }

    /**
     * Adds a listener of one event, with the first argument bound to a type. A payload that does not fit is answered to the
     * client's ack as {@code {"error":{"code":"invalid_payload","message":…}}}.
     */
    public <T> void on(String event, Class<T> type, TypedListener<T> listener) {
        on(event, (arguments, ack) -> listener.onEvent(arguments.get(0, type), ack));
    }

    /** Adds a listener of one event, with its first two arguments bound to types; see {@link #on(String, Class, TypedListener)}. */
    public <A, B> void on(String event, Class<A> first, Class<B> second, TypedListener2<A, B> listener) {
        on(event, (arguments, ack) -> listener.onEvent(arguments.get(0, first), arguments.get(1, second), ack));
    }

    /** Adds a listener of one event, with its first three arguments bound to types; see {@link #on(String, Class, TypedListener)}. */
    public <A, B, C> void on(
            String event, Class<A> first, Class<B> second, Class<C> third, TypedListener3<A, B, C> listener) {
        on(
                event,
                (arguments, ack) -> listener.onEvent(
                        arguments.get(0, first), arguments.get(1, second), arguments.get(2, third), ack));
    }

    /**
     * Adds a listener of one event whose arguments are the components of a record, in their order; a payload that does not
     * fit is answered as by {@link #on(String, Class, TypedListener)}.
     *
     * @throws IllegalArgumentException when {@code type} is no record, or its package is not open to this library
     */
    public <R extends Record> void onRecord(String event, Class<R> type, TypedListener<R> listener) {
        RecordBinding<R> binding = RecordBinding.of(type);
        on(event, (arguments, ack) -> listener.onEvent(binding.bind(arguments), ack));
    }

    /** Adds a listener that is removed before its first call. */
    public void once(String event, SocketEventListener listener) {
        events.change(present -> present.withEvent(new Listeners.Named(event, listener, true)));
    }

    /** Removes a listener. */
    public void off(String event, SocketEventListener listener) {
        events.change(present -> present.withoutEvents(
                named -> named.event().equals(event) && named.listener().equals(listener)));
    }

    /** Removes all listeners of an event. */
    public void off(String event) {
        events.change(present -> present.withoutEvents(named -> named.event().equals(event)));
    }

    /** Adds a listener of every event from the client. */
    public void onAny(AnyListener listener) {
        events.change(present -> present.withAny(listener));
    }

    /** Removes a listener of every event. */
    public void offAny(AnyListener listener) {
        events.change(present -> present.withoutAny(listener));
    }

    /** Adds a listener of the events that have no listener of their own. */
    public void onUnhandled(UnhandledEventListener listener) {
        events.change(present -> present.withUnhandled(listener));
    }

    /** Adds a listener of every event that is emitted to this socket, on the emitting thread or the loop; must be fast. */
    public void onAnyOutgoing(AnyListener listener) {
        events.change(present -> present.withAnyOutgoing(listener));
    }

    /** Removes a listener of outgoing events. */
    public void offAnyOutgoing(AnyListener listener) {
        events.change(present -> present.withoutAnyOutgoing(listener));
    }

    /** Adds a check for each event from the client. */
    public void use(PacketMiddleware middleware) {
        events.change(present -> present.withMiddleware(middleware));
    }

    /** Adds a listener of the end of a socket that was connected. */
    public void onDisconnect(DisconnectListener listener) {
        events.change(present -> present.withDisconnect(listener));
    }

    /**
     * Runs an action once, on the session's loop, when the socket is closed: also when it was rejected or lost before it was
     * connected, and at once when it is closed already. Releases what a middleware has acquired; must not block.
     */
    public void onClosed(Runnable action) {
        lifecycle.onClosed(action);
    }

    /** Adds a listener of the events that a packet's middleware rejects. */
    public void onError(ErrorListener listener) {
        events.change(present -> present.withError(listener));
    }

    /**
     * Sends an event.
     *
     * @param arguments anything that Jackson can write, read before this returns; {@code byte[]} goes as an attachment
     * @throws IllegalStateException while the socket is not connected yet; no effect after it has disconnected
     */
    public void emit(String event, Object... arguments) {
        new SocketEmitter(this, Flags.NONE).emit(event, arguments);
    }

    /** Sends an event and completes with the client's answer; fails with {@link AckException} when the socket
     * disconnects. */
    public CompletionStage<Arguments> emitWithAck(String event, Object... arguments) {
        return new SocketEmitter(this, Flags.NONE).emitWithAck(event, arguments);
    }

    /** How long nothing has come from the client, heartbeats included. */
    public Duration silence() {
        return client.session().silence();
    }

    /** Sends an event that was encoded before. */
    public void send(PreparedEvent event) {
        outbound.awaitCapacity();
        outbound.post(event.messages(namespace.name()), Flags.NONE);
    }

    /** Sends events that were encoded before, in this order. */
    public void send(Collection<PreparedEvent> events) {
        outbound.awaitCapacity();
        List<Message> messages = new ArrayList<>(events.size());
        for (PreparedEvent event : events) {
            // Mostly one, for which addAll would make an array.
            for (Message message : event.messages(namespace.name())) {
                messages.add(message);
            }
        }
        outbound.post(messages, Flags.NONE);
    }

    /**
     * Completes on the session's loop when everything that this thread has sent before was handed to the network: the
     * moment to send the next page. {@code false} when the session has ended instead.
     */
    public CompletionStage<Boolean> drained() {
        return client.session().drained();
    }

    /** Emits events that are dropped while the transport is not writable. Node's {@code volatile}. */
    public SocketEmitter asVolatile() {
        return new SocketEmitter(this, Flags.NONE.withVolatile());
    }

    /** Emits events whose acknowledgement must come within {@code timeout}. */
    public SocketEmitter timeout(Duration timeout) {
        return new SocketEmitter(this, Flags.NONE.withTimeout(timeout));
    }

    /** Emits events that may or may not be compressed on polling. */
    public SocketEmitter compress(boolean compress) {
        return new SocketEmitter(this, Flags.NONE.withCompress(compress));
    }

    /** Selects all sockets of the namespace but this one. */
    public BroadcastOperator broadcast() {
        return BroadcastOperator.of(namespace).exceptSocket(this);
    }

    /** Selects the members of rooms, but not this socket. */
    public BroadcastOperator to(String... names) {
        return broadcast().to(names);
    }

    /** The same as {@link #to}. */
    public BroadcastOperator in(String... names) {
        return broadcast().to(names);
    }

    /** Selects all sockets of the namespace that are in none of these rooms, but not this one. */
    public BroadcastOperator except(String... names) {
        return broadcast().except(names);
    }

    /** Selects all sockets of this node but this one. */
    public BroadcastOperator local() {
        return broadcast().local();
    }

    /** Disconnects the client from the namespace, after what this thread sent before; its session goes on. */
    public void disconnect() {
        disconnect(false);
    }

    /** Disconnects the client from the namespace; with {@code close}, from all namespaces, and ends the session. */
    public void disconnect(boolean close) {
        loop().execute(() -> {
            if (close && state.connected()) {
                client.disconnect();
            } else {
                lifecycle.disconnect();
            }
        });
    }

    /**
     * Ends the session under the socket without a DISCONNECT, after what this thread sent before: the client reports a
     * lost connection and, unlike after {@link #disconnect}, reconnects by itself. Node's {@code socket.conn.close()}.
     */
    public void closeConnection() {
        client.session().close(CloseReason.FORCED_CLOSE);
    }

    @Override
    public String toString() {
        return "Socket[" + namespace.name() + ", " + state + "]";
    }

    Client client() {
        return client;
    }

    SessionLoop loop() {
        return client.loop();
    }

    SocketOutbound outbound() {
        return outbound;
    }

    SocketEvents events() {
        return events;
    }

    SocketLifecycle lifecycle() {
        return lifecycle;
    }

    /** Whether this visit has been here before. Only on the loop. */
    boolean markedBy(Visit visit) {
        boolean seen = visit.equals(mark);
        mark = visit;
        return seen;
    }

    /** One pass of a broadcast over sockets; compared by identity. */
    static final class Visit {
        private static final Visit NONE = new Visit();
    }
}
