package io.heliograph.socketio;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A communication channel that clients connect to by name, with its own middleware, rooms and listeners.
 *
 * <p>Threading: safe from any thread; see {@link Socket} for the order. Source: Node's {@code Namespace}.
 */
public final class Namespace {

    private final SocketIoServer server;
    private final String name;
    private final NamespaceRegistry registry;
    private final EventEncoder encoder;
    private final NamespaceBroadcast broadcast;
    private final ServerSideEvents serverSideEvents;
    private final List<Middleware> middleware = new CopyOnWriteArrayList<>();
    private final List<ConnectionListener> connectionListeners = new CopyOnWriteArrayList<>();

    Namespace(SocketIoServer server, String name, Runnable whenEmpty) {
        this.server = server;
        this.name = name;
        this.registry = new NamespaceRegistry(name, whenEmpty);
        this.encoder = new EventEncoder(server.parser(), server.recovery(), name);
        this.broadcast = new NamespaceBroadcast(this, registry, encoder);
        this.serverSideEvents = new ServerSideEvents(name, server.observer());
    }

    /** Begins with {@code /}. */
    public String name() {
        return name;
    }

    /** Adds a check for each connecting client, after those added before. */
    public Namespace use(Middleware added) {
        middleware.add(added);
        return this;
    }

    /** Is called with each socket that connects from now on. */
    public Namespace onConnection(ConnectionListener listener) {
        connectionListeners.add(listener);
        return this;
    }

    /** Selects the members of rooms. */
    public BroadcastOperator to(String... names) {
        return BroadcastOperator.of(this).to(names);
    }

    /** Selects the members of rooms. */
    public BroadcastOperator to(Collection<String> names) {
        return BroadcastOperator.of(this).to(names);
    }

    /** The same as {@link #to(String...)}. */
    public BroadcastOperator in(String... names) {
        return to(names);
    }

    /** Selects all sockets that are in none of these rooms. */
    public BroadcastOperator except(String... names) {
        return BroadcastOperator.of(this).except(names);
    }

    /** Selects all sockets; events are dropped for those whose transport is not writable. */
    public BroadcastOperator asVolatile() {
        return BroadcastOperator.of(this).asVolatile();
    }

    /** Selects all sockets, with a timeout for acknowledgements. */
    public BroadcastOperator timeout(Duration timeout) {
        return BroadcastOperator.of(this).timeout(timeout);
    }

    /** Selects all sockets, with or without compression on polling. */
    public BroadcastOperator compress(boolean compress) {
        return BroadcastOperator.of(this).compress(compress);
    }

    /** Selects all sockets of this node. */
    public BroadcastOperator local() {
        return BroadcastOperator.of(this).local();
    }

    /** Sends an event to all sockets; see {@link BroadcastOperator#emit}. */
    public void emit(String event, Object... arguments) {
        BroadcastOperator.of(this).emit(event, arguments);
    }

    /** Emits an event to the other servers of the cluster, not to this one and to no client. No effect without an adapter. */
    public void serverSideEmit(String event, Object... arguments) {
        server.cluster().ifPresent(cluster -> cluster.serverSideEmit(this, event, Arrays.asList(arguments)));
    }

    /**
     * Emits an event to the other servers of the cluster, and completes with the answer of each; fails with {@link
     * AckException} when one has not answered within {@link SocketIoServer.Builder#adapterTimeout}.
     */
    public CompletionStage<List<Arguments>> serverSideEmitWithAck(String event, Object... arguments) {
        return server.cluster()
                .map(cluster -> cluster.serverSideEmitWithAck(this, event, Arrays.asList(arguments)))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    /** Receives the events that other servers of the cluster emit to this one. Runs on the adapter's thread; must not block. */
    public Namespace onServerSideEmit(String event, SocketEventListener listener) {
        serverSideEvents.add(event, listener);
        return this;
    }

    /** As {@link BroadcastOperator#fetchSockets}, for all sockets. */
    public CompletionStage<List<RemoteSocket>> fetchSockets() {
        return BroadcastOperator.of(this).fetchSockets();
    }

    /** As {@link BroadcastOperator#socketsJoin}, for all sockets. */
    public void socketsJoin(String... names) {
        BroadcastOperator.of(this).socketsJoin(names);
    }

    /** As {@link BroadcastOperator#socketsLeave}, for all sockets. */
    public void socketsLeave(String... names) {
        BroadcastOperator.of(this).socketsLeave(names);
    }

    /** As {@link BroadcastOperator#disconnectSockets}, for all sockets. */
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
        ReservedEvents.requireNotReserved(event);
        return new PreparedEvent(name, event, server.parser().event(name, event, json, last));
    }

    /** Encodes an event once, for any number of sends. */
    public PreparedEvent prepare(String event, Object... arguments) {
        ReservedEvents.requireNotReserved(event);
        List<Object> all = new ArrayList<>(Arrays.asList(arguments));
        return new PreparedEvent(name, event, server.parser().event(name, Packet.NO_ACK, event, all));
    }

    /** The sockets of this node that are connected, by id; a live view. */
    public Map<String, Socket> sockets() {
        return registry.sockets();
    }

    /** The socket of this node with that id. */
    public Optional<Socket> find(String id) {
        return registry.find(id);
    }

    /** Whether a room has members on this node. */
    public boolean hasMembers(String room) {
        return registry.rooms().find(room).isPresent();
    }

    /** The rooms that have members on this node. */
    public Set<String> roomNames() {
        return registry.rooms().names();
    }

    @Override
    public String toString() {
        return "Namespace[" + name + ", " + sockets().size() + " sockets]";
    }

    SocketIoServer server() {
        return server;
    }

    NamespaceRegistry registry() {
        return registry;
    }

    EventEncoder encoder() {
        return encoder;
    }

    NamespaceBroadcast broadcast() {
        return broadcast;
    }

    ServerSideEvents serverSideEvents() {
        return serverSideEvents;
    }

    List<Middleware> middleware() {
        return List.copyOf(middleware);
    }

    /** The socket was told that it is connected, and what belongs right behind that. Only on its loop. */
    void connected(Socket socket) {
        server.observer().socketConnected(name, socket.recovered());
        for (ConnectionListener listener : connectionListeners) {
            socket.client()
                    .callbacks()
                    .run(() -> guarded(socket, "a connection listener", () -> listener.onConnection(socket)));
        }
    }

    /** A connected socket has disconnected. Only on its loop. */
    void disconnected(Socket socket, DisconnectReason reason, List<String> left) {
        server.observer().socketDisconnected(name, reason);
        server.recovery()
                .ifPresent(recovery -> socket.pid()
                        .ifPresent(pid -> guarded(
                                socket,
                                "recovery",
                                () -> recovery.disconnected(new Recovery.Disconnection(socket, pid, left, reason)))));
    }

    private void guarded(Socket socket, String callback, Runnable call) {
        socket.client().guarded(name, callback, call);
    }
}
