package io.heliograph.engineio;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An Engine.IO server: the sessions, and what lets connections in.
 *
 * <p>Either put {@link #newChannelHandler()} behind the HTTP codec of someone's pipeline, or {@link #bind} a port. Both at
 * the same time work too.
 *
 * <p>Threading: safe from any thread. Source: engine.io-protocol v4.
 */
public final class EngineIoServer {

    private static final int ID_BYTES = 15;

    private final EngineIoSettings settings;
    private final String path;
    private final SessionListener listener;
    private final ConnectionAdmission admission;
    private final HandshakeGate gate;
    private final EngineObserver observer;
    private final ResponseHeaders responseHeaders;
    private final Clock clock;
    private final HttpDate date;
    // Null: sessions live on the loops of their connections.
    private final @Nullable EventLoopGroup sessionLoops;
    private final RequestRouter router = new RequestRouter(this);
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    // The map's own size would have to be summed up at each handshake.
    private final AtomicInteger sessionCount = new AtomicInteger();
    private final Map<EventLoop, SessionLoop> loops = new ConcurrentHashMap<>();
    // The same, for walking through them at each send.
    private final List<SessionLoop> loopList = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private volatile boolean closed;

    private EngineIoServer(Builder builder) {
        this.settings = builder.settings;
        this.path = settings.path().isEmpty() ? settings.normalPath(builder.defaultPath) : settings.path();
        this.responseHeaders = builder.responseHeaders;
        this.listener = builder.listener;
        this.admission = builder.admission;
        this.gate = builder.gate;
        this.observer = builder.observer;
        this.clock = builder.clock;
        this.date = new HttpDate(builder.clock);
        this.sessionLoops = builder.sessionLoops;
    }

    /** Begins a server whose sessions {@code listener} takes. */
    public static Builder builder(SessionListener listener) {
        return new Builder(listener);
    }

    /**
     * A handler for one channel, to be put right behind its {@code HttpServerCodec}. It keeps the requests under {@link
     * #path} and passes all else on untouched.
     */
    public ChannelHandler newChannelHandler() {
        return new EngineIoHandler(this, false);
    }

    /** Listens alone; everything that is not under the path is answered 404. Port 0 takes any free one. */
    public ListeningServer bind(InetSocketAddress address) {
        return bind(address, EventLoops.defaultCount());
    }

    /**
     * As {@link #bind(InetSocketAddress)}, with so many event loops instead of one for each core.
     *
     * @throws IllegalArgumentException when there is to be none
     * @throws IllegalStateException when it cannot listen on {@code address}
     */
    public ListeningServer bind(InetSocketAddress address, int eventLoops) {
        return ListeningServer.bind(this, address, eventLoops);
    }

    public EngineIoSettings settings() {
        return settings;
    }

    /** What this server keeps for itself; ends with {@code /} unless {@link EngineIoSettings#addTrailingSlash()} is off. */
    public String path() {
        return path;
    }

    /** Sessions that are open, or whose peers may still fetch their last packets. */
    public int sessionCount() {
        return sessionCount.get();
    }

    /** The session with this id. */
    public Optional<Session> session(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    /** The loops that have carried sessions so far. */
    public List<SessionLoop> loops() {
        return List.copyOf(loopList);
    }

    /** Waits while any loop has too much to do; whoever sends to many sessions calls it first. Safe from any thread. */
    public void awaitCapacity() {
        for (SessionLoop loop : loopList) {
            loop.awaitCapacity();
        }
    }

    /**
     * Takes no more handshakes and closes every session after what was sent to it.
     *
     * @param deadline after it, connections that are still there are cut
     * @return completes when the last session has gone; never fails
     */
    public CompletionStage<Void> close(Duration deadline) {
        closed = true;
        sessions.values().forEach(session -> session.close(CloseReason.SERVER_SHUTTING_DOWN));
        completeWhenEmpty();
        return emptied.copy()
                .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionally(late -> {
                    sessions.values().forEach(session -> session.loop().execute(session::cut));
                    return null;
                });
    }

    ChannelHandler standaloneHandler() {
        return new EngineIoHandler(this, true);
    }

    RequestRouter router() {
        return router;
    }

    SessionListener listener() {
        return listener;
    }

    ConnectionAdmission admission() {
        return admission;
    }

    HandshakeGate gate() {
        return gate;
    }

    /** The value of the {@code Date} header now. */
    String date() {
        return date.now();
    }

    ResponseHeaders responseHeaders() {
        return responseHeaders;
    }

    EngineObserver observer() {
        return observer;
    }

    /** Where a session lives that begins with this connection. */
    SessionLoop sessionLoop(ChannelHandlerContext context) {
        EventLoopGroup own = sessionLoops;
        return own == null ? loopOf(context) : loopOf(own.next());
    }

    SessionLoop loopOf(ChannelHandlerContext context) {
        return loopOf(context.channel().eventLoop());
    }

    private SessionLoop loopOf(EventLoop eventLoop) {
        SessionLoop known = loops.get(eventLoop);
        return known != null ? known : loops.computeIfAbsent(eventLoop, this::newLoop);
    }

    private SessionLoop newLoop(EventLoop eventLoop) {
        SessionLoop loop = new SessionLoop(eventLoop, this);
        loopList.add(loop);
        return loop;
    }

    boolean onSomeLoop() {
        return loopList.stream().anyMatch(SessionLoop::inLoop);
    }

    /** Runs {@code task} on {@code loop}, at once when the caller is there already. Order is kept per caller. */
    void executeOn(SessionLoop loop, Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else {
            loop.eventLoop().execute(task);
        }
    }

    Handshake handshakeOf(Exchange exchange, ChannelHandlerContext context) {
        return new Handshake(
                exchange.head().uri(),
                exchange.headers(),
                context.channel().remoteAddress(),
                context.pipeline().get(SslHandler.class) != null,
                clock.millis());
    }

    /** A new session, not started yet; empty when the server is full or closed. */
    Optional<Session> open(SessionLoop loop, Handshake handshake, Transport transport) {
        if (closed || sessionCount.incrementAndGet() > settings.maxSessions()) {
            if (!closed) {
                sessionCount.decrementAndGet();
            }
            return Optional.empty();
        }
        Session session = new Session(this, loop, newId(), handshake, transport);
        sessions.put(session.id(), session);
        if (closed) {
            session.close(CloseReason.SERVER_SHUTTING_DOWN);
        }
        return Optional.of(session);
    }

    ProtocolError closedOrFull() {
        return closed ? ProtocolError.SHUTTING_DOWN : ProtocolError.OVERLOADED;
    }

    void forget(Session session) {
        if (sessions.remove(session.id()) != null) {
            sessionCount.decrementAndGet();
            if (closed) {
                completeWhenEmpty();
            }
        }
    }

    private void completeWhenEmpty() {
        if (sessions.isEmpty()) {
            emptied.complete(null);
        }
    }

    /** 120 random bits: guessing one of a million sessions at a million tries a second takes longer than the sun has. */
    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return settings.sessionIdPrefix() + Base64.getUrlEncoder().encodeToString(bytes);
    }

    /** Collects what a server is made of. Not safe for several threads. */
    public static final class Builder {
        private final SessionListener listener;
        private EngineIoSettings settings = EngineIoSettings.defaults();
        private String defaultPath = "/engine.io/";
        private ConnectionAdmission admission = ConnectionAdmission.unlimited();
        private HandshakeGate gate = HandshakeGate.open();
        private EngineObserver observer = EngineObserver.none();
        private ResponseHeaders responseHeaders = ResponseHeaders.none();
        private Clock clock = Clock.systemUTC();
        private @Nullable EventLoopGroup sessionLoops;

        private Builder(SessionListener listener) {
            this.listener = requireNonNull(listener, "listener");
        }

        public Builder settings(EngineIoSettings settings) {
            this.settings = settings;
            return this;
        }

        /** The path where the settings name none; {@code /engine.io/} unless a protocol on top has its own. */
        public Builder defaultPath(String path) {
            this.defaultPath = path;
            return this;
        }

        /** Decides when connecting clients are admitted; all at once by default. */
        public Builder admission(ConnectionAdmission admission) {
            this.admission = admission;
            return this;
        }

        /** Decides about handshakes; all are allowed by default. */
        public Builder gate(HandshakeGate gate) {
            this.gate = gate;
            return this;
        }

        public Builder observer(EngineObserver observer) {
            this.observer = observer;
            return this;
        }

        /** Adds headers to the answers to sessions' requests; none by default. */
        public Builder responseHeaders(ResponseHeaders responseHeaders) {
            this.responseHeaders = responseHeaders;
            return this;
        }

        /** Gives the time of handshakes. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Has sessions, and with them their WebSockets, live on loops of their own instead of those that accepted their
         * connections: whatever happens to thousands of sessions at once, other requests to the same port do not wait behind
         * it. Costs each session two changes of thread when it begins. The loops are of the same kind as those of the
         * connections ({@link EventLoops}); the caller shuts them down.
         */
        public Builder sessionLoops(EventLoopGroup sessionLoops) {
            this.sessionLoops = sessionLoops;
            return this;
        }

        public EngineIoServer build() {
            return new EngineIoServer(this);
        }
    }
}
