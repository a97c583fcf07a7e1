package io.heliograph.socketio;

import io.heliograph.engineio.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A communication channel that clients connect to by name, with its own middleware, rooms and listeners.
 *
 * <p>Threading: safe from any thread; see {@link Socket} for the order. Source: Node's {@code Namespace}.
 */
public final class Namespace {

    private final SocketIoServer server;
    private final String name;
    private final Rooms rooms = new Rooms();
    private final Room everyone;
    private final Map<String, Socket> sockets = new ConcurrentHashMap<>();
    private final List<Middleware> middleware = new CopyOnWriteArrayList<>();
    private final List<ConnectionListener> connectionListeners = new CopyOnWriteArrayList<>();
    private final Map<String, List<EventListener>> serverSideListeners = new ConcurrentHashMap<>();
    private final AtomicLong ackIds = new AtomicLong();
    // Sockets that are connected or connecting.
    private final AtomicInteger present = new AtomicInteger();
    private final Runnable whenEmpty;

    Namespace(SocketIoServer server, String name, Runnable whenEmpty) {
        this.server = server;
        this.name = name;
        this.whenEmpty = whenEmpty;
        this.everyone = new Room(name);
    }

    /** Begins with {@code /}. */
    public String name() {
        return name;
    }

    /** Adds a check that each connecting client must pass, after those added before. */
    public Namespace use(Middleware added) {
        middleware.add(added);
        return this;
    }

    /** Takes the sockets that connect from now on. */
    public Namespace onConnection(ConnectionListener listener) {
        connectionListeners.add(listener);
        return this;
    }

    /** The members of rooms. */
    public BroadcastOperator to(String... names) {
        return BroadcastOperator.of(this).to(names);
    }

    /** The members of rooms. */
    public BroadcastOperator to(Collection<String> names) {
        return BroadcastOperator.of(this).to(names);
    }

    /** The same as {@link #to(String...)}. */
    public BroadcastOperator in(String... names) {
        return to(names);
    }

    /** Everyone who is in none of these rooms. */
    public BroadcastOperator except(String... names) {
        return BroadcastOperator.of(this).except(names);
    }

    /** Everyone, dropped for those who cannot take it right now. */
    public BroadcastOperator volatile_() {
        return BroadcastOperator.of(this).volatile_();
    }

    /** Everyone, with a bound on how long answers are awaited. */
    public BroadcastOperator timeout(Duration timeout) {
        return BroadcastOperator.of(this).timeout(timeout);
    }

    /** Everyone, with or without compression on polling. */
    public BroadcastOperator compress(boolean compress) {
        return BroadcastOperator.of(this).compress(compress);
    }

    /** Everyone on this node. */
    public BroadcastOperator local() {
        return BroadcastOperator.of(this).local();
    }

    /** Sends an event to everyone. */
    public void emit(String event, Object... arguments) {
        BroadcastOperator.of(this).emit(event, arguments);
    }

    /** Tells the other servers of the cluster something; not this one, and no client. Without effect without an adapter. */
    public void serverSideEmit(String event, Object... arguments) {
        server.cluster().ifPresent(cluster -> cluster.serverSideEmit(this, event, Arrays.asList(arguments)));
    }

    /**
     * Asks the other servers of the cluster something, and completes with the answer of each; fails with {@link
     * AckException} when one has not answered within the adapter's timeout.
     */
    public CompletionStage<List<Arguments>> serverSideEmitWithAck(String event, Object... arguments) {
        return server.cluster()
                .map(cluster -> cluster.serverSideAsk(this, event, Arrays.asList(arguments)))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    /** Receives what other servers of the cluster tell this one. Runs on the adapter's thread; must not block. */
    public Namespace onServerSideEmit(String event, EventListener listener) {
        serverSideListeners
                .computeIfAbsent(event, key -> new CopyOnWriteArrayList<>())
                .add(listener);
        return this;
    }

    public CompletionStage<List<RemoteSocket>> fetchSockets() {
        return BroadcastOperator.of(this).fetchSockets();
    }

    public void socketsJoin(String... names) {
        BroadcastOperator.of(this).socketsJoin(names);
    }

    public void socketsLeave(String... names) {
        BroadcastOperator.of(this).socketsLeave(names);
    }

    public void disconnectSockets(boolean close) {
        BroadcastOperator.of(this).disconnectSockets(close);
    }

    /**
     * Encodes an event once, for any number of sends.
     *
     * @param json the first argument, ready: UTF-8 JSON that is trusted to be well-formed; copied
     * @param last the last argument; a stock client with recovery keeps it as its offset
     */
    public PreparedEvent prepare(String event, byte[] json, String last) {
        ReservedEvents.refuse(event);
        return new PreparedEvent(name, event, server.parser().event(name, event, json, last));
    }

    /** Encodes an event once, for any number of sends. */
    public PreparedEvent prepare(String event, Object... arguments) {
        ReservedEvents.refuse(event);
        List<Object> all = new ArrayList<>(Arrays.asList(arguments));
        return new PreparedEvent(name, event, server.parser().event(name, Packet.NO_ACK, event, all));
    }

    /** The sockets of this node that are connected, by id; a live view. */
    public Map<String, Socket> sockets() {
        return java.util.Collections.unmodifiableMap(sockets);
    }

    /** The socket of this node with that id. */
    public Optional<Socket> find(String id) {
        return Optional.ofNullable(sockets.get(id));
    }

    /** The rooms that have members on this node. */
    public Set<String> roomNames() {
        return rooms.names();
    }

    @Override
    public String toString() {
        return "Namespace[" + name + ", " + sockets.size() + " sockets]";
    }

    SocketIoServer server() {
        return server;
    }

    Rooms rooms() {
        return rooms;
    }

    Room everyone() {
        return everyone;
    }

    List<Middleware> middleware() {
        return List.copyOf(middleware);
    }

    List<ConnectionListener> connectionListeners() {
        return List.copyOf(connectionListeners);
    }

    long nextAckId() {
        return ackIds.getAndIncrement();
    }

    List<Message> encode(long ackId, String event, List<?> arguments, Flags flags) {
        List<Message> messages = server.parser().event(name, ackId, event, arguments);
        return flags.compress()
                ? messages
                : messages.stream().map(Message::uncompressed).toList();
    }

    /** The arguments as listeners see them. */
    Arguments view(List<?> arguments) {
        return Arguments.ofNodes(
                server.parser().mapper(),
                arguments.stream()
                        .<JsonNode>map(argument -> server.parser().mapper().valueToTree(argument))
                        .toList());
    }

    /** Encodes an event, with the offset that recovery wants behind its arguments, and sends it; recovery may keep it. */
    void dispatch(Recovery.Emission emission, Flags flags, Sending sending) {
        Optional<Recovery> recovery = flags.lossy() ? Optional.empty() : server.recovery();
        if (recovery.isEmpty()) {
            List<?> arguments = emission.arguments();
            sending.send(arguments, encode(Packet.NO_ACK, emission.event(), arguments, flags));
        } else {
            recovery.get().emit(emission, new Recovery.Dispatch() {
                private List<?> all = emission.arguments();

                @Override
                public PreparedEvent encode(Optional<String> offset) {
                    all = withOffset(emission.arguments(), offset);
                    return new PreparedEvent(
                            name, emission.event(), Namespace.this.encode(Packet.NO_ACK, emission.event(), all, flags));
                }

                @Override
                public void send(PreparedEvent event) {
                    sending.send(all, event.messages(name));
                }
            });
        }
    }

    /** Hands an encoded event to whom it is meant for; {@code arguments} are for those who listen to what goes out. */
    interface Sending {
        void send(List<?> arguments, List<Message> messages);
    }

    private static List<?> withOffset(List<?> arguments, Optional<String> offset) {
        if (offset.isEmpty()) {
            return arguments;
        }
        List<@Nullable Object> all = new ArrayList<>(arguments);
        all.add(offset.get());
        return all;
    }

    void emit(Selection selection, Flags flags, String event, List<?> arguments) {
        ReservedEvents.refuse(event);
        server.engine().awaitRoom();
        server.observer().broadcast(name, 1);
        remotely(flags, cluster -> cluster.emit(this, selection, flags, event, arguments));
        Recovery.Emission emission = new Recovery.Emission(
                this, event, arguments, List.copyOf(selection.rooms()), List.copyOf(selection.except()));
        dispatch(
                emission,
                flags,
                (all, messages) -> FanOut.send(this, selection, socket -> {
                    if (socket.listensOutgoing()) {
                        socket.tellOutgoing(event, all);
                    }
                    socket.deliver(messages, flags.lossy());
                }));
    }

    CompletionStage<List<Arguments>> emitWithAck(Selection selection, Flags flags, String event, List<?> arguments) {
        ReservedEvents.refuse(event);
        if (flags.timeout().isEmpty()) {
            throw new IllegalStateException("set a timeout first: to(…).timeout(…).emitWithAck(…)");
        }
        server.engine().awaitRoom();
        long ackId = nextAckId();
        List<Message> messages = encode(ackId, event, arguments, flags);
        List<CompletableFuture<Arguments>> answers = new ArrayList<>();
        for (Socket socket : select(selection)) {
            AckFuture answer = new AckFuture();
            answers.add(answer);
            socket.loop().execute(() -> socket.deliverWithAck(messages, ackId, answer, flags));
        }
        CompletionStage<List<Arguments>> here = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
        return withOthers(flags, here, cluster -> cluster.ask(this, selection, flags, event, arguments));
    }

    void send(Selection selection, Flags flags, List<Message> messages, int packets) {
        server.engine().awaitRoom();
        server.observer().broadcast(name, packets);
        FanOut.send(this, selection, FanOut.of(messages, flags.lossy()));
    }

    CompletionStage<List<RemoteSocket>> fetch(Selection selection, Flags flags) {
        List<RemoteSocket> found = new ArrayList<>();
        for (Socket socket : select(selection)) {
            found.add(new RemoteSocket(this, socket.id(), socket.rooms(), socket.data(Object.class)));
        }
        return withOthers(flags, CompletableFuture.completedFuture(found), cluster -> cluster.fetch(this, selection));
    }

    void join(Selection selection, Flags flags, List<String> names) {
        remotely(flags, cluster -> cluster.change("join", this, selection, names, false));
        select(selection).forEach(socket -> socket.join(names));
    }

    void leave(Selection selection, Flags flags, List<String> names) {
        remotely(flags, cluster -> cluster.change("leave", this, selection, names, false));
        select(selection).forEach(socket -> names.forEach(socket::leave));
    }

    void disconnect(Selection selection, Flags flags, boolean close) {
        remotely(flags, cluster -> cluster.change("disconnect", this, selection, List.of(), close));
        select(selection).forEach(socket -> socket.disconnect(close));
    }

    /** Another node has emitted an event to the servers. */
    void serverSideEvent(String event, Arguments arguments, Ack ack) {
        for (EventListener listener : serverSideListeners.getOrDefault(event, List.of())) {
            try {
                listener.onEvent(arguments, ack);
            } catch (RuntimeException | Error e) {
                server.observer().callbackFailed(name, "a server-side listener", e);
            }
        }
    }

    private void remotely(Flags flags, Consumer<Cluster> call) {
        if (!flags.local()) {
            server.cluster().ifPresent(call);
        }
    }

    private <T> CompletionStage<List<T>> withOthers(
            Flags flags, CompletionStage<List<T>> here, Function<Cluster, CompletionStage<List<T>>> elsewhere) {
        if (flags.local() || server.cluster().isEmpty()) {
            return here;
        }
        return here.thenCombine(elsewhere.apply(server.cluster().get()), (ours, theirs) -> {
            List<T> all = new ArrayList<>(ours);
            all.addAll(theirs);
            return all;
        });
    }

    /** A client wants to connect. Under the server's lock for this name. */
    void enter() {
        present.incrementAndGet();
    }

    /** The client is gone, or never came. Once per {@link #enter}. */
    void exit() {
        if (present.decrementAndGet() == 0) {
            whenEmpty.run();
        }
    }

    /** The socket can be found from now on. Only on its loop. */
    void add(Socket socket) {
        sockets.put(socket.id(), socket);
    }

    /** The socket was told that it is connected, and what belongs right behind that. Only on its loop. */
    void connected(Socket socket) {
        server.observer().socketConnected(name, socket.recovered());
        for (ConnectionListener listener : connectionListeners) {
            socket.client()
                    .callbacks()
                    .run(() -> socket.guarded("a connection listener", () -> listener.onConnection(socket)));
        }
    }

    /** The socket is gone, or never came. Only on its loop, once per {@link #enter}. */
    void remove(Socket socket) {
        sockets.remove(socket.id(), socket);
        exit();
    }

    /** A socket that was connected has left. Only on its loop. */
    void disconnected(Socket socket, DisconnectReason reason, List<String> left) {
        server.observer().socketDisconnected(name, reason);
        server.recovery()
                .ifPresent(recovery -> socket.pid()
                        .ifPresent(pid -> socket.guarded(
                                "recovery",
                                () -> recovery.disconnected(new Recovery.Departure(socket, pid, left, reason)))));
    }

    boolean empty() {
        return present.get() == 0;
    }

    /** The sockets of this node that are meant, as they are now. */
    private Collection<Socket> select(Selection selection) {
        Set<Socket> selected = new LinkedHashSet<>();
        if (selection.rooms().isEmpty()) {
            selected.addAll(sockets.values());
        }
        for (String room : selection.rooms()) {
            addMembers(room, selected);
        }
        if (!selection.except().isEmpty()) {
            Set<Socket> except = new LinkedHashSet<>();
            selection.except().forEach(room -> addMembers(room, except));
            selected.removeAll(except);
        }
        selected.removeIf(socket -> !socket.connected());
        return selected;
    }

    private void addMembers(String room, Collection<Socket> members) {
        rooms.addMembers(room, members);
        find(room).ifPresent(members::add);
    }
}
