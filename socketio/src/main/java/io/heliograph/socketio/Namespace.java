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
    public BroadcastOperator asVolatile() {
        return BroadcastOperator.of(this).asVolatile();
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
                .map(cluster -> cluster.serverSideEmitWithAck(this, event, Arrays.asList(arguments)))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    /** Receives what other servers of the cluster tell this one. Runs on the adapter's thread; must not block. */
    public Namespace onServerSideEmit(String event, SocketEventListener listener) {
        serverSideEvents.add(event, listener);
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

    /** A socket that was connected has left. Only on its loop. */
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
