package io.heliograph.socketio;

import io.heliograph.engineio.ConnectionAdmission;
import io.heliograph.engineio.EngineIoServer;
import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.HandshakeGate;
import io.heliograph.engineio.ListeningServer;
import io.heliograph.engineio.ResponseHeaders;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO server, on a port of its own or as a handler in an existing Netty pipeline.
 *
 * <pre>{@code
 * SocketIoServer io = SocketIoServer.builder().build();
 * io.onConnection(socket -> {
 *     socket.join("lobby");
 *     socket.on("say", String.class, (text, ack) -> {
 *         io.to("lobby").emit("said", socket.id(), text);
 *         ack.send("ok");
 *     });
 * });
 * io.bind(new InetSocketAddress(8080));
 * }</pre>
 *
 * <p>As with Node's {@code io}, what has no namespace in its name is about the main one: {@code io.emit(…)} is {@code
 * io.of("/").emit(…)}.
 *
 * <p>Threading: safe from any thread. Source: socket.io-protocol v5.
 */
public final class SocketIoServer {

    private static final int ID_BYTES = 15;

    private final EngineIoServer engine;
    private final Parser parser;
    private final Callbacks callbacks;
    private final Optional<Recovery> recovery;
    private final Duration connectTimeout;
    private final int maxNamespaces;
    private final Optional<Cluster> cluster;
    private final SocketIoObserver observer;
    private final SecureRandom random = new SecureRandom();
    private final NamespaceTable namespaces;
    private final Namespace main;

    private SocketIoServer(Builder builder) {
        this.parser = builder.parser;
        this.callbacks = builder.callbacks;
        this.recovery = builder.recovery;
        this.connectTimeout = builder.connectTimeout;
        this.maxNamespaces = builder.maxNamespaces;
        this.observer = builder.observer;
        this.namespaces = new NamespaceTable(this, builder.cleanUpEmptyNamespaces);
        EngineIoServer.Builder engine = EngineIoServer.builder(session -> new Client(this, session))
                .settings(builder.engine)
                .defaultPath("/socket.io/")
                .admission(builder.admission)
                .gate(builder.gate)
                .responseHeaders(builder.responseHeaders)
                .observer(builder.observer)
                .clock(builder.clock);
        EventLoopGroup sessionLoops = builder.sessionLoops;
        if (sessionLoops != null) {
            engine.sessionLoops(sessionLoops);
        }
        this.engine = engine.build();
        this.main = of("/");
        this.cluster = builder.adapter.map(adapter -> new Cluster(this, adapter, builder.adapterTimeout));
        cluster.ifPresent(Cluster::start);
    }

    /** A builder whose settings all have defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The namespace of that name, created when it does not exist; {@code /} is the main one. */
    public Namespace of(String name) {
        return namespaces.of(name.startsWith("/") ? name : "/" + name);
    }

    /** Namespaces whose whole name matches. */
    public DynamicNamespace of(Pattern pattern) {
        return ofMatching(name -> pattern.matcher(name).matches());
    }

    /** Namespaces whose name satisfies a condition; it must not block. */
    public DynamicNamespace ofMatching(Predicate<String> condition) {
        return of((name, auth) -> CompletableFuture.completedFuture(condition.test(name)));
    }

    /** Namespaces that a matcher accepts. Matchers are asked in the order in which they were added, until one accepts. */
    public DynamicNamespace of(DynamicNamespace.Matcher matcher) {
        return namespaces.of(matcher);
    }

    /** The namespaces that exist now, by name; a copy. */
    public Map<String, Namespace> namespaces() {
        return namespaces.all();
    }

    /** {@link Namespace#use} of the main namespace. */
    public SocketIoServer use(Middleware added) {
        main.use(added);
        return this;
    }

    /** {@link Namespace#onConnection} of the main namespace. */
    public SocketIoServer onConnection(ConnectionListener listener) {
        main.onConnection(listener);
        return this;
    }

    /** Sends an event to all sockets of the main namespace; see {@link BroadcastOperator#emit}. */
    public void emit(String event, Object... arguments) {
        main.emit(event, arguments);
    }

    /** Selects the members of rooms of the main namespace. */
    public BroadcastOperator to(String... rooms) {
        return main.to(rooms);
    }

    /** Selects the members of rooms of the main namespace. */
    public BroadcastOperator to(Collection<String> rooms) {
        return main.to(rooms);
    }

    /** The same as {@link #to(String...)}. */
    public BroadcastOperator in(String... rooms) {
        return main.to(rooms);
    }

    /** Selects all sockets of the main namespace that are in none of these rooms. */
    public BroadcastOperator except(String... rooms) {
        return main.except(rooms);
    }

    /** {@link Namespace#asVolatile} of the main namespace. */
    public BroadcastOperator asVolatile() {
        return main.asVolatile();
    }

    /** {@link Namespace#timeout} of the main namespace. */
    public BroadcastOperator timeout(Duration timeout) {
        return main.timeout(timeout);
    }

    /** {@link Namespace#compress} of the main namespace. */
    public BroadcastOperator compress(boolean compress) {
        return main.compress(compress);
    }

    /** {@link Namespace#local} of the main namespace. */
    public BroadcastOperator local() {
        return main.local();
    }

    /** {@link Namespace#fetchSockets} of the main namespace. */
    public CompletionStage<List<RemoteSocket>> fetchSockets() {
        return main.fetchSockets();
    }

    /** {@link Namespace#socketsJoin} of the main namespace. */
    public void socketsJoin(String... rooms) {
        main.socketsJoin(rooms);
    }

    /** {@link Namespace#socketsLeave} of the main namespace. */
    public void socketsLeave(String... rooms) {
        main.socketsLeave(rooms);
    }

    /** {@link Namespace#disconnectSockets} of the main namespace. */
    public void disconnectSockets(boolean close) {
        main.disconnectSockets(close);
    }

    /** {@link Namespace#serverSideEmit} of the main namespace. */
    public void serverSideEmit(String event, Object... arguments) {
        main.serverSideEmit(event, arguments);
    }

    /** {@link Namespace#serverSideEmitWithAck} of the main namespace. */
    public CompletionStage<List<Arguments>> serverSideEmitWithAck(String event, Object... arguments) {
        return main.serverSideEmitWithAck(event, arguments);
    }

    /** {@link Namespace#onServerSideEmit} of the main namespace. */
    public SocketIoServer onServerSideEmit(String event, SocketEventListener listener) {
        main.onServerSideEmit(event, listener);
        return this;
    }

    /** A handler for one channel; see {@link EngineIoServer#newChannelHandler}. */
    public ChannelHandler newChannelHandler() {
        return engine.newChannelHandler();
    }

    /** Listens on a port of its own; port 0 takes any free one. */
    public ListeningServer bind(InetSocketAddress address) {
        return engine.bind(address);
    }

    /**
     * As {@link #bind(InetSocketAddress)}, with {@code eventLoops} event loops instead of one for each core.
     *
     * @throws IllegalArgumentException when {@code eventLoops} is less than one
     * @throws IllegalStateException when it cannot listen on {@code address}
     */
    public ListeningServer bind(InetSocketAddress address, int eventLoops) {
        return engine.bind(address, eventLoops);
    }

    /** The layer below. */
    public EngineIoServer engine() {
        return engine;
    }

    /** Disconnects every socket with {@code server shutting down}; see {@link EngineIoServer#close}. */
    public CompletionStage<Void> close(Duration deadline) {
        return engine.close(deadline);
    }

    Parser parser() {
        return parser;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    Optional<Recovery> recovery() {
        return recovery;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    int maxNamespaces() {
        return maxNamespaces;
    }

    SocketIoObserver observer() {
        return observer;
    }

    Optional<Cluster> cluster() {
        return cluster;
    }

    NamespaceTable namespaceTable() {
        return namespaces;
    }

    String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /** Builds a server; every setting has a default. Not safe for several threads. */
    public static final class Builder {
        private EngineIoSettings engine = EngineIoSettings.defaults();
        private ConnectionAdmission admission = ConnectionAdmission.unlimited();
        private HandshakeGate gate = HandshakeGate.open();
        private Parser parser = Parser.json(ParserLimits.defaults());
        private Callbacks callbacks = Callbacks.VIRTUAL_THREADS;
        private Optional<Recovery> recovery = Optional.empty();
        private Duration connectTimeout = Duration.ofSeconds(45);
        private int maxNamespaces = 100;
        private Optional<Adapter> adapter = Optional.empty();
        private Duration adapterTimeout = Duration.ofSeconds(5);
        private SocketIoObserver observer = SocketIoObserver.none();
        private Clock clock = Clock.systemUTC();
        private ResponseHeaders responseHeaders = ResponseHeaders.none();
        private @Nullable EventLoopGroup sessionLoops;
        private boolean cleanUpEmptyNamespaces;

        private Builder() {}

        /** Path, heartbeat, limits, origins; the path is {@code /socket.io/} unless they name one. */
        public Builder engine(EngineIoSettings engine) {
            this.engine = engine;
            return this;
        }

        /** Decides when connecting clients are admitted; without delay by default. */
        public Builder admission(ConnectionAdmission admission) {
            this.admission = admission;
            return this;
        }

        /** Decides about handshakes before there is a session. */
        public Builder gate(HandshakeGate gate) {
            this.gate = gate;
            return this;
        }

        /** Adds headers to the answers to sessions' requests; none by default. */
        public Builder responseHeaders(ResponseHeaders responseHeaders) {
            this.responseHeaders = responseHeaders;
            return this;
        }

        /** The wire format of packets, with its limits and its JSON codec; JSON by default. */
        public Builder parser(Parser parser) {
            this.parser = parser;
            return this;
        }

        /** Where middleware and listeners run; on virtual threads by default. */
        public Builder callbacks(Callbacks callbacks) {
            this.callbacks = callbacks;
            return this;
        }

        /** Lets clients recover; none by default. */
        public Builder recovery(Recovery recovery) {
            this.recovery = Optional.of(recovery);
            return this;
        }

        /** How long a new session may stay without a namespace before it is closed; 45 s by default. */
        public Builder connectTimeout(Duration connectTimeout) {
            if (!connectTimeout.isPositive()) {
                throw new IllegalArgumentException("connectTimeout is " + connectTimeout + ", expected more than zero");
            }
            this.connectTimeout = connectTimeout;
            return this;
        }

        /** Maximum number of namespaces that one session is in, or waits for; 100 by default. More are rejected. */
        public Builder maxNamespaces(int maxNamespaces) {
            if (maxNamespaces < 1) {
                throw new IllegalArgumentException("maxNamespaces is " + maxNamespaces + ", expected one or more");
            }
            this.maxNamespaces = maxNamespaces;
            return this;
        }

        /** Connects this server with the others of a cluster; none by default. */
        public Builder adapter(Adapter adapter) {
            this.adapter = Optional.of(adapter);
            return this;
        }

        /** How long other nodes may take to answer a request; 5 s by default. */
        public Builder adapterTimeout(Duration adapterTimeout) {
            if (!adapterTimeout.isPositive()) {
                throw new IllegalArgumentException("adapterTimeout is " + adapterTimeout + ", expected more than zero");
            }
            this.adapterTimeout = adapterTimeout;
            return this;
        }

        /** Is told what the server does; by default, failures of callbacks are logged. */
        public Builder observer(SocketIoObserver observer) {
            this.observer = observer;
            return this;
        }

        /** The clock that handshakes are dated by; the system's by default. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Runs sessions on event loops of their own; see {@link EngineIoServer.Builder#sessionLoops}. */
        public Builder sessionLoops(EventLoopGroup sessionLoops) {
            this.sessionLoops = sessionLoops;
            return this;
        }

        /** Removes a dynamic namespace when its last socket leaves; not by default, as in Node. */
        public Builder cleanUpEmptyNamespaces(boolean cleanUpEmptyNamespaces) {
            this.cleanUpEmptyNamespaces = cleanUpEmptyNamespaces;
            return this;
        }

        /** Builds the server, which listens nowhere yet; with an adapter, that is started. */
        public SocketIoServer build() {
            return new SocketIoServer(this);
        }
    }
}
