package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Handshake;
import io.heliograph.engineio.Message;
import io.heliograph.engineio.Session;
import io.heliograph.engineio.SessionLoop;
import io.heliograph.engineio.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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

    private enum State {
        /** Middleware or recovery still decides. */
        CONNECTING,
        CONNECTED,
        LEFT
    }

    private final Client client;
    private final Namespace namespace;
    private final boolean first;
    // Null when it was forgotten.
    private volatile @Nullable JsonNode auth;
    private final SocketRooms rooms;

    // Written by the loop; read by any thread.
    private volatile State state = State.CONNECTING;
    private volatile String id;
    private volatile @Nullable String pid;
    private volatile boolean recovered;
    private volatile @Nullable Object data;

    // Guarded by this when replaced.
    private volatile Listeners listeners = Listeners.NONE;

    // Owned by the loop.
    private @Nullable PendingAcks acks;
    // Owned by the loop.
    private @Nullable Runnable gone;
    private boolean answering;
    private Room.@Nullable Membership inEveryone;
    private @Nullable Visit mark;

    Socket(Client client, Namespace namespace, JsonNode auth, String id, boolean first) {
        this.first = first;
        this.client = client;
        this.namespace = namespace;
        this.auth = auth;
        this.id = id;
        this.rooms = new SocketRooms(namespace.rooms());
    }

    /** Not the session's id: this one is no secret. Final once the socket is connected. */
    public String id() {
        return id;
    }

    public Namespace namespace() {
        return namespace;
    }

    /** Whether no socket of the same session came before it, in any namespace. */
    public boolean first() {
        return first;
    }

    /** The HTTP request that began the session. */
    public Handshake handshake() {
        return client.session().handshake();
    }

    /** What the client sent along with CONNECT: an object, empty when it sent nothing or when that was forgotten. */
    public JsonNode auth() {
        JsonNode kept = auth;
        return kept == null ? JsonNodeFactory.instance.objectNode() : kept;
    }

    /**
     * Lets go of what the client sent along with CONNECT, which is kept for as long as the socket otherwise: a token is a
     * secret of some hundred bytes. For when it has been looked at, and the socket is connected.
     */
    public void forgetAuth() {
        auth = null;
    }

    public Transport transport() {
        return client.session().transport();
    }

    public boolean connected() {
        return state == State.CONNECTED;
    }

    /** Whether the client was told that its former connection goes on. */
    public boolean recovered() {
        return recovered;
    }

    /** What the client presents to recover; empty without recovery, and before the socket is connected. */
    public Optional<String> pid() {
        return Optional.ofNullable(pid);
    }

    /** What the application keeps with this socket, when it is of that type. */
    public <T> Optional<T> data(Class<T> type) {
        Object present = data;
        return type.isInstance(present) ? Optional.of(type.cast(present)) : Optional.empty();
    }

    /** Keeps something with this socket, in place of what was kept. */
    public void data(Object data) {
        this.data = data;
    }

    /** The rooms it has joined. Its own id works as a room without being one of them. */
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

    public void leave(String room) {
        rooms.leave(room);
    }

    /** Receives one kind of event. */
    public void on(String event, EventListener listener) {
        change(present -> present.withEvent(new Listeners.Named(event, listener, false)));
    }

    /**
     * Receives one kind of event with its first argument bound to a type. A payload that does not fit is answered to the
     * client's ack as {@code {"error":{"code":"invalid_payload","message":…}}}.
     */
    public <T> void on(String event, Class<T> type, TypedListener<T> listener) {
        on(event, (arguments, ack) -> listener.onEvent(arguments.get(0, type), ack));
    }

    /** Receives the next event of that kind only. */
    public void once(String event, EventListener listener) {
        change(present -> present.withEvent(new Listeners.Named(event, listener, true)));
    }

    /** Takes a listener away. */
    public void off(String event, EventListener listener) {
        change(present -> present.withoutEvents(
                named -> named.event().equals(event) && named.listener().equals(listener)));
    }

    /** Takes all listeners of an event away. */
    public void off(String event) {
        change(present -> present.withoutEvents(named -> named.event().equals(event)));
    }

    /** Receives every event that comes. */
    public void onAny(AnyListener listener) {
        change(present -> present.withAny(listener));
    }

    public void offAny(AnyListener listener) {
        change(present -> present.withoutAny(listener));
    }

    /** Receives every event that comes and has no listener of its own. */
    public void onUnhandled(UnhandledEventListener listener) {
        change(present -> present.withUnhandled(listener));
    }

    /** Is told of every event that is emitted to this socket, on the emitting thread or the loop; must be fast. */
    public void onAnyOutgoing(AnyListener listener) {
        change(present -> present.withAnyOutgoing(listener));
    }

    public void offAnyOutgoing(AnyListener listener) {
        change(present -> present.withoutAnyOutgoing(listener));
    }

    /** Adds a check for each event. */
    public void use(PacketMiddleware middleware) {
        change(present -> present.withMiddleware(middleware));
    }

    /** Is told when the socket leaves. */
    public void onDisconnect(DisconnectListener listener) {
        change(present -> present.withDisconnect(listener));
    }

    /**
     * Runs an action once, on the session's loop, when the socket is gone: also when it was refused or lost before it was
     * connected, and at once when that has happened already. For what a middleware has begun; it must not block.
     */
    public void onGone(Runnable action) {
        loop().execute(() -> {
            if (state == State.LEFT) {
                guarded("a listener for the end", action);
            } else {
                Runnable before = gone;
                gone = before == null
                        ? action
                        : () -> {
                            before.run();
                            action.run();
                        };
            }
        });
    }

    /** Is told when a packet's middleware refuses an event. */
    public void onError(ErrorListener listener) {
        change(present -> present.withError(listener));
    }

    /**
     * Sends an event.
     *
     * @param arguments anything that Jackson can write, read before this returns; {@code byte[]} goes as an attachment
     * @throws IllegalStateException while the socket is not connected yet; after it has left there is no effect
     */
    public void emit(String event, Object... arguments) {
        emit(Flags.NONE, event, Arrays.asList(arguments));
    }

    /** Sends an event and completes with the client's answer; fails with {@link AckException} when the socket leaves. */
    public CompletionStage<Arguments> emitWithAck(String event, Object... arguments) {
        return emitWithAck(Flags.NONE, event, Arrays.asList(arguments));
    }

    /** Sends an event that was encoded before. */
    public void send(PreparedEvent event) {
        loop().awaitRoom();
        post(event.messages(namespace.name()), Flags.NONE);
    }

    /** Sends events that were encoded before, in this order. */
    public void send(Collection<PreparedEvent> events) {
        loop().awaitRoom();
        List<Message> messages = new ArrayList<>(events.size());
        for (PreparedEvent event : events) {
            // Mostly one, for which addAll would make an array.
            for (Message message : event.messages(namespace.name())) {
                messages.add(message);
            }
        }
        post(messages, Flags.NONE);
    }

    /**
     * Completes on the session's loop when what this thread has sent before has left: the moment for the next page.
     * {@code false} when the session has ended instead.
     */
    public CompletionStage<Boolean> drained() {
        return client.session().drained();
    }

    /** Emits that are dropped while the client cannot take them. */
    public SocketEmitter volatile_() {
        return new SocketEmitter(this, Flags.NONE.withLossy());
    }

    /** Emits whose acknowledgement is awaited for so long. */
    public SocketEmitter timeout(Duration timeout) {
        return new SocketEmitter(this, Flags.NONE.withTimeout(timeout));
    }

    /** Emits that may or may not be compressed on polling. */
    public SocketEmitter compress(boolean compress) {
        return new SocketEmitter(this, Flags.NONE.withCompress(compress));
    }

    /** Everyone in the namespace but this socket. */
    public BroadcastOperator broadcast() {
        return BroadcastOperator.of(namespace).exceptSocket(this);
    }

    /** The members of rooms, but not this socket. */
    public BroadcastOperator to(String... names) {
        return broadcast().to(names);
    }

    /** The same as {@link #to}. */
    public BroadcastOperator in(String... names) {
        return broadcast().to(names);
    }

    /** Everyone in the namespace who is in none of these rooms, and not this socket. */
    public BroadcastOperator except(String... names) {
        return broadcast().except(names);
    }

    /** Everyone on this node but this socket. */
    public BroadcastOperator local() {
        return broadcast().local();
    }

    /** Makes the client leave the namespace, after what this thread sent before; its session goes on. */
    public void disconnect() {
        disconnect(false);
    }

    /** Makes the client leave the namespace; with {@code close}, all namespaces, and ends the session. */
    public void disconnect(boolean close) {
        loop().execute(() -> {
            if (state != State.CONNECTED) {
                return;
            }
            if (close) {
                client.disconnect();
            } else {
                sendAway();
            }
        });
    }

    /**
     * Ends the session under the socket without a DISCONNECT, after what this thread sent before: the client takes it for a
     * lost connection and, unlike after {@link #disconnect}, comes back by itself. Node's {@code socket.conn.close()}.
     */
    public void closeConnection() {
        client.session().close(CloseReason.FORCED_CLOSE);
    }

    @Override
    public String toString() {
        return "Socket[" + namespace.name() + ", " + id + ", " + state + "]";
    }

    Client client() {
        return client;
    }

    SessionLoop loop() {
        return client.loop();
    }

    /** Whether this visit has been here before. Only on the loop. */
    boolean markedBy(Visit visit) {
        boolean seen = visit.equals(mark);
        mark = visit;
        return seen;
    }

    /** One passing over sockets; equal to itself only. */
    static final class Visit {}

    void emit(Flags flags, String event, List<?> arguments) {
        ReservedEvents.refuse(event);
        requireAdmitted();
        loop().awaitRoom();
        Recovery.Emission emission = new Recovery.Emission(namespace, event, arguments, List.of(id), List.of());
        namespace.dispatch(emission, flags, (all, messages) -> {
            tellOutgoing(event, all);
            post(messages, flags);
        });
    }

    CompletionStage<Arguments> emitWithAck(Flags flags, String event, List<?> arguments) {
        ReservedEvents.refuse(event);
        requireAdmitted();
        loop().awaitRoom();
        AckFuture future = new AckFuture();
        long ackId = namespace.nextAckId();
        tellOutgoing(event, arguments);
        List<Message> messages = namespace.encode(ackId, event, arguments, flags);
        loop().execute(() -> deliverWithAck(messages, ackId, future, flags));
        return future;
    }

    /** Only on the loop. */
    void deliver(List<Message> messages, boolean lossy) {
        Session session = client.session();
        if (state != State.CONNECTED || (lossy && !session.writable())) {
            return;
        }
        SessionLoop loop = session.loop();
        for (int i = 0; i < messages.size(); i++) {
            loop.deliver(session, messages.get(i));
        }
    }

    /** Only on the loop. {@code receiver} is told exactly once. */
    void deliverWithAck(List<Message> messages, long ackId, PendingAcks.Receiver receiver, Flags flags) {
        if (state != State.CONNECTED) {
            receiver.accept(null, AckException.left());
            return;
        }
        PendingAcks pending = acks == null ? new PendingAcks() : acks;
        acks = pending;
        pending.add(ackId, receiver, loop(), flags);
        deliver(messages, flags.lossy());
    }

    void tellOutgoing(String event, List<?> arguments) {
        List<AnyListener> outgoing = listeners.anyOutgoing();
        if (!outgoing.isEmpty()) {
            Arguments view = namespace.view(arguments);
            outgoing.forEach(listener -> guarded("an outgoing listener", () -> listener.onEvent(event, view)));
        }
    }

    boolean listensOutgoing() {
        return !listeners.anyOutgoing().isEmpty();
    }

    /** Answers CONNECT, and lets what belongs right behind the answer go out before all else. Only on the loop. */
    void connect(Recovery.Outcome outcome, boolean withPid) {
        switch (outcome) {
            case Recovery.Recovered former -> {
                recovered = true;
                pid = former.pid();
                former.socketId().ifPresent(formerId -> id = formerId);
            }
            case Recovery.Fresh fresh -> pid = withPid ? fresh.pid().orElseGet(namespace.server()::newId) : null;
        }
        state = State.CONNECTED;
        ConnectAnswer answer = new ConnectAnswer(id, pid());
        loop().deliver(client.session(), namespace.server().parser().connect(namespace.name(), answer));
        answering = true;
        guarded("recovery's afterAnswer", () -> outcome.afterAnswer().accept(this));
        answering = false;
        becomeReachable();
        namespace.connected(this);
    }

    /**
     * From now on the socket is reached by its id, and by what is sent to everyone. Only on the loop; a recovery does it
     * earlier, in the same step in which it decides what was missed.
     */
    void becomeReachable() {
        if (inEveryone == null) {
            namespace.add(this);
            Room everyone = namespace.everyone();
            Room.Membership joined;
            synchronized (everyone) {
                joined = everyone.add(this);
            }
            inEveryone = joined;
            joined.begin();
        }
    }

    /** The socket was never connected, and will not be. Only on the loop. */
    void abandon() {
        state = State.LEFT;
        rooms.leaveForGood();
        namespace.remove(this);
        tellGone();
    }

    private void tellGone() {
        Runnable action = gone;
        gone = null;
        if (action != null) {
            guarded("a listener for the end", action);
        }
    }

    /** Tells the client to leave the namespace. Only on the loop. */
    void sendAway() {
        if (state == State.CONNECTED) {
            loop().deliver(client.session(), namespace.server().parser().disconnect(namespace.name()));
            leave(DisconnectReason.SERVER_NAMESPACE_DISCONNECT);
        }
    }

    /** The socket leaves its namespace, for whatever reason. Only on the loop. */
    void leave(DisconnectReason reason) {
        if (state != State.CONNECTED) {
            abandon();
            return;
        }
        state = State.LEFT;
        Room.Membership everywhere = inEveryone;
        if (everywhere != null) {
            synchronized (everywhere.room()) {
                everywhere.room().remove(everywhere);
            }
            everywhere.end();
        }
        List<String> left = rooms.leaveForGood();
        client.left(this, reason);
        namespace.remove(this);
        PendingAcks pending = acks;
        if (pending != null) {
            pending.failAll(AckException.left());
        }
        namespace.disconnected(this, reason, left);
        for (DisconnectListener listener : listeners.disconnect()) {
            client.callbacks().run(() -> guarded("a disconnect listener", () -> listener.onDisconnect(reason, left)));
        }
        tellGone();
    }

    /** Only on the loop. */
    void receive(Packet.Event event) {
        client.callbacks().run(() -> PacketMiddlewareRun.start(this, event, listeners.middleware()));
    }

    /** Only on the loop. */
    void receive(Packet.Ack ack) {
        PendingAcks pending = acks;
        if (pending != null) {
            pending.complete(ack.ackId(), ack.arguments());
        }
    }

    /** All of the packet's middleware has let it pass. Runs where callbacks run. */
    void dispatch(Packet.Event event) {
        if (state != State.CONNECTED) {
            return;
        }
        long began = System.nanoTime();
        Ack ack = new ClientAck(event.ackId());
        for (AnyListener listener : listeners.any()) {
            guarded("a listener of any event", () -> listener.onEvent(event.name(), event.arguments()));
        }
        List<Listeners.Named> named = listeners.of(event.name());
        if (named.isEmpty()) {
            for (UnhandledEventListener listener : listeners.unhandled()) {
                guarded("a listener of unhandled events", () -> listener.onEvent(event.name(), event.arguments(), ack));
            }
        }
        for (Listeners.Named one : named) {
            if (one.once()) {
                change(present -> present.withoutEvents(one::equals));
            }
            invoke(one.listener(), event.arguments(), ack);
        }
        namespace.server().observer().eventHandled(namespace.name(), event.name(), System.nanoTime() - began);
    }

    /** A packet's middleware has refused it. Runs where callbacks run. */
    void refused(ConnectError error) {
        listeners.error().forEach(listener -> guarded("an error listener", () -> listener.onError(error)));
    }

    /**
     * Runs application code, which must not end the loop's work. What it throws is reported; after an {@link Error}, which
     * may have left anything half done, the session is closed.
     */
    void guarded(String callback, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | AssertionError e) {
            namespace.server().observer().callbackFailed(namespace.name(), callback, e);
        } catch (Error e) {
            namespace.server().observer().callbackFailed(namespace.name(), callback, e);
            client.session().close(CloseReason.TRANSPORT_ERROR);
        }
    }

    private void invoke(EventListener listener, Arguments arguments, Ack ack) {
        guarded("a listener", () -> {
            try {
                listener.onEvent(arguments, ack);
            } catch (ArgumentMismatchException e) {
                ack.send(Map.of("error", Map.of("code", "invalid_payload", "message", String.valueOf(e.getMessage()))));
            }
        });
    }

    private void post(List<Message> messages, Flags flags) {
        requireAdmitted();
        if (loop().inLoop() && answering) {
            deliver(messages, flags.lossy());
        } else {
            loop().execute(() -> deliver(messages, flags.lossy()));
        }
    }

    private void requireAdmitted() {
        if (state == State.CONNECTING) {
            throw new IllegalStateException("the socket is not connected yet: emit in onConnection, not in middleware");
        }
    }

    private void change(UnaryOperator<Listeners> change) {
        synchronized (this) {
            listeners = change.apply(listeners);
        }
    }

    private final class ClientAck implements Ack {
        private final long ackId;
        private final AtomicBoolean sent = new AtomicBoolean();

        ClientAck(long ackId) {
            this.ackId = ackId;
        }

        @Override
        public boolean requested() {
            return ackId != Packet.NO_ACK;
        }

        @Override
        public void send(Object... arguments) {
            if (requested() && sent.compareAndSet(false, true)) {
                post(namespace.server().parser().ack(namespace.name(), ackId, Arrays.asList(arguments)), Flags.NONE);
            }
        }
    }
}
