package io.heliograph.gateway;

import io.github.bucket4j.TimeMeter;
import io.heliograph.engineio.BoundedAdmission;
import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.ListeningServer;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.FeedMetrics;
import io.heliograph.eventlog.FeedSettings;
import io.heliograph.eventlog.Feeds;
import io.heliograph.eventlog.Scheduler;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.socketio.Callbacks;
import io.heliograph.socketio.Namespace;
import io.heliograph.socketio.Parser;
import io.heliograph.socketio.ParserLimits;
import io.heliograph.socketio.Recovery;
import io.heliograph.socketio.Socket;
import io.heliograph.socketio.SocketIoServer;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Joins clients to the log of their workspace: sockets of stock Socket.IO clients, and through {@link #reads()} streams
 * of server-sent events and long polls. A connecting client is authenticated, told whether it recovered, sent the
 * events that it missed, and attached to its workspace's feed. New events are encoded once and sent to rooms.
 *
 * <pre>{@code
 * EventsGateway gateway = EventsGateway.builder(log, bus, authenticator, new CredentialGuard(watch, clock), settings)
 *         .engine(engineIoSettings)
 *         .command("say", (socket, argument) -> …)
 *         .build();
 * channel.pipeline().addLast(gateway.newChannelHandler());
 * scheduler.scheduleWithFixedDelay(guard::runDue, 200, 200, MILLISECONDS);
 * }</pre>
 *
 * <p>Shutdown: {@link #drain}, {@link #closeSockets}, {@link #close}. The caller closes the log, the bus and the guard.
 *
 * <p>Safe from any thread; no method blocks.
 */
public final class EventsGateway implements AutoCloseable {
    private final SocketIoServer server;
    private final Feeds<OutgoingEvent> feeds;
    private final LiveDelivery delivery;
    private final ConnectLimits limits;
    private final ClientConnections connections = new ClientConnections();
    private final EventReads reads;
    private final int drainRate;

    private EventsGateway(Builder builder) {
        GatewaySettings settings = builder.settings;
        GatewayObserver observer = builder.observer;
        SessionCounter sessions = new SessionCounter(observer);
        limits = new ConnectLimits(settings, observer, admission(builder), sessions::count);
        server = server(builder, sessions);
        Namespace namespace = server.of("/");
        delivery =
                new LiveDelivery(namespace, observer, builder.beforeDelivery, new TopicFamilies(builder.topicFamilies));
        feeds = builder.feeds
                .settings(builder.feedSettings)
                .metrics(builder.feedMetrics)
                .build(delivery, delivery);
        reads = new EventReads(feeds, builder.guard, settings.keepAlive());
        drainRate = settings.drainRate();
        Map<String, SocketCommand> commands = new HashMap<>(builder.commands);
        commands.put(RenewCommand.NAME, new RenewCommand());
        commands.put(ClockCommand.NAME, new ClockCommand(builder.guard.clock()));
        namespace.use(new ConnectMiddleware(
                builder.authenticator,
                builder.guard,
                limits,
                new LogRecovery(feeds, delivery, observer),
                delivery.families(),
                connections,
                builder.clientListener,
                settings,
                builder.time));
        namespace.onConnection(new CommandDispatcher(commands, observer)::connected);
    }

    private static BoundedAdmission admission(Builder builder) {
        GatewaySettings settings = builder.settings;
        String busy = "this server takes " + settings.maxConnectsPerSecond() + " connects a second ("
                + Limit.MAX_CONNECTS_PER_SECOND.setting() + "), and many are waiting";
        return new BoundedAdmission(
                settings.maxConnectsPerSecond(),
                settings.connectTimeout(),
                busy,
                builder.timer,
                builder.time::currentTimeNanos);
    }

    private SocketIoServer server(Builder builder, SessionCounter sessions) {
        SocketIoServer.Builder sockets = SocketIoServer.builder()
                .engine(builder.engine)
                .admission(limits)
                .callbacks(builder.callbacks)
                .parser(builder.parser)
                .recovery(new ConnectionRecovery())
                .observer(sessions);
        if (builder.sessionLoops != null) {
            sockets.sessionLoops(builder.sessionLoops);
        }
        return sockets.build();
    }

    /** Each connection keeps its own position. */
    private static final class ConnectionRecovery implements Recovery {
        @Override
        public CompletionStage<Outcome> recover(Request request) {
            return connection(request.socket()).recover();
        }
    }

    static ClientConnection connection(Socket socket) {
        return socket.data(ClientConnection.class).orElseThrow();
    }

    /** Everything but these parameters has a default. */
    public static Builder builder(
            EventLog log, Bus bus, Authenticator authenticator, CredentialGuard guard, GatewaySettings settings) {
        return new Builder(log, bus, authenticator, guard, settings);
    }

    /**
     * A handler for one channel of a Netty pipeline. It handles the requests to the Socket.IO path and passes on all
     * others.
     */
    public ChannelHandler newChannelHandler() {
        return server.newChannelHandler();
    }

    /**
     * Listens on a separate port. Port 0 takes any free one.
     *
     * @throws IllegalStateException when it cannot listen on {@code address}
     */
    public ListeningServer bind(InetSocketAddress address) {
        return server.bind(address);
    }

    /** The Socket.IO server, for the application's own namespaces; the gateway owns {@code /}. */
    public SocketIoServer sockets() {
        return server;
    }

    /** The same log for HTTP requests. */
    public EventReads reads() {
        return reads;
    }

    /**
     * Sends an unlogged event to the sockets that may see it and are writable now. May wait for busy event loops. For
     * streams see {@link EventReads#sendVolatile}.
     */
    public void sendVolatile(VolatileMessage message) {
        delivery.sendVolatile(message);
    }

    /**
     * Sends an unlogged event to the sockets of a group that are writable now; see {@link ClientSocket#join}. May wait for
     * busy event loops.
     *
     * @param argument an object: a stock client takes a string for a cursor
     */
    public void sendVolatileToGroup(WorkspaceId workspace, String group, String type, JsonNode argument) {
        delivery.sendVolatileToGroup(workspace, group, type, argument);
    }

    /**
     * Sends every client a reconnect delay, spread so that {@link GatewaySettings#drainRate} clients reconnect per
     * second.
     */
    public void drain() {
        connections.drain(drainRate);
    }

    /** Closes the sockets; queued data is flushed until {@code deadline}. */
    public CompletionStage<Void> closeSockets(Duration deadline) {
        return server.close(deadline);
    }

    /** Ends the feeds; waiting reads complete as if their timeout had passed. */
    @Override
    public void close() {
        feeds.close();
    }

    // --- figures -----------------------------------------------------------------------------------------------------

    /** Sockets of a workspace here. */
    public int socketsOf(WorkspaceId workspace) {
        return limits.quota().of(workspace.value());
    }

    /** Sockets here of one member, or of one API key by its id. */
    public int socketsOf(WorkspaceId workspace, String id) {
        return limits.quota().of(workspace.value(), id);
    }

    /** Workspaces with at least {@code from} and fewer than {@code to} sockets here. */
    public long workspacesBetween(int from, int to) {
        return limits.quota().workspacesBetween(from, to);
    }

    /** The sockets of those workspaces. */
    public long socketsBetween(int from, int to) {
        return limits.quota().socketsBetween(from, to);
    }

    /** Clients that wait for admission. */
    public int connectsWaiting() {
        return limits.waiting();
    }

    /** Workspaces that have a feed here. */
    public int activeFeeds() {
        return feeds.active();
    }

    /** Bytes of events that the feeds hold in memory. */
    public long feedBytes() {
        return feeds.memoryBytes();
    }

    /** Collects the parts of a gateway. Not thread-safe. */
    public static final class Builder {
        private final Feeds.Builder feeds;
        private final Authenticator authenticator;
        private final CredentialGuard guard;
        private final GatewaySettings settings;
        private final Map<String, SocketCommand> commands = new HashMap<>();
        private final Set<String> topicFamilies = new HashSet<>();
        private EngineIoSettings engine =
                EngineIoSettings.builder().path("/socket.io/").build();
        private Parser parser = Parser.json(ParserLimits.defaults());
        private FeedSettings feedSettings = FeedSettings.defaults();
        private FeedMetrics feedMetrics = FeedMetrics.NONE;
        private GatewayObserver observer = GatewayObserver.NONE;
        private Consumer<Event> beforeDelivery = event -> {};
        private ClientListener clientListener = ClientListener.NONE;
        private BoundedAdmission.Timer timer = Builder::afterOnVirtualThread;
        private TimeMeter time = TimeMeter.SYSTEM_NANOTIME;
        private Callbacks callbacks = Callbacks.VIRTUAL_THREADS;
        private @Nullable EventLoopGroup sessionLoops;

        private Builder(
                EventLog log, Bus bus, Authenticator authenticator, CredentialGuard guard, GatewaySettings settings) {
            this.feeds = Feeds.on(log, bus);
            this.authenticator = authenticator;
            this.guard = guard;
            this.settings = settings;
        }

        /** Path, heartbeat, limits, origins; the path is {@code /socket.io/} by default. */
        public Builder engine(EngineIoSettings engine) {
            this.engine = engine;
            return this;
        }

        public Builder parser(Parser parser) {
            this.parser = parser;
            return this;
        }

        public Builder feeds(FeedSettings feedSettings, FeedMetrics feedMetrics) {
            this.feedSettings = feedSettings;
            this.feedMetrics = feedMetrics;
            return this;
        }

        public Builder observer(GatewayObserver observer) {
            this.observer = observer;
            return this;
        }

        /** Registers a command that clients run by an event of that name. */
        public Builder command(String name, SocketCommand command) {
            commands.put(name, command);
            return this;
        }

        /**
         * Lets sockets narrow the topics that begin with {@code name/} apart from all others. Each family costs every
         * socket a room.
         */
        public Builder topicFamily(String name) {
            topicFamilies.add(name);
            return this;
        }

        /** Is called with each event once, before it is sent to any socket, on feed threads; it must not block. */
        public Builder beforeDelivery(Consumer<Event> beforeDelivery) {
            this.beforeDelivery = beforeDelivery;
            return this;
        }

        /** Is told of sockets that receive new events, and of their end. */
        public Builder clients(ClientListener clientListener) {
            this.clientListener = clientListener;
            return this;
        }

        /** The executor that admits waiting clients; its tasks may block. */
        public Builder timer(BoundedAdmission.Timer timer) {
            this.timer = timer;
            return this;
        }

        /** The clock of rates; {@code System.nanoTime()} by default. */
        public Builder time(TimeMeter time) {
            this.time = time;
            return this;
        }

        /** Runs sockets on separate event loops from those that serve HTTP. */
        public Builder sessionLoops(EventLoopGroup sessionLoops) {
            this.sessionLoops = sessionLoops;
            return this;
        }

        /** Runs feeds, middleware and commands on the caller's clock and executor; commands must not block then. */
        Builder threads(Scheduler scheduler, Executor executor) {
            feeds.scheduler(scheduler).executors(executor, executor);
            callbacks = Callbacks.LOOP;
            return this;
        }

        public EventsGateway build() {
            return new EventsGateway(this);
        }

        private static void afterOnVirtualThread(long delayNanos, Runnable step) {
            CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS, Thread::startVirtualThread)
                    .execute(step);
        }
    }
}
