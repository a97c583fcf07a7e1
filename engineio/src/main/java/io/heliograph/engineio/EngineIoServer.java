package io.heliograph.engineio;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An Engine.IO server: its sessions, and the handlers for its connections.
 *
 * <p>Either put {@link #newChannelHandler()} behind the HTTP codec of a pipeline, or {@link #bind} a port. Both at
 * the same time work too.
 *
 * <p>Threading: safe from any thread. Source: engine.io-protocol v4.
 */
public final class EngineIoServer {

    private final EngineContext context;
    private final RequestRouter router;

    private EngineIoServer(Builder builder) {
        EngineIoSettings settings = builder.settings;
        this.context = new EngineContext(
                settings,
                settings.path().isEmpty() ? settings.normalPath(builder.defaultPath) : settings.path(),
                builder.listener,
                builder.admission,
                builder.gate,
                builder.observer,
                builder.responseHeaders,
                builder.clock,
                new HttpDate(builder.clock),
                new SessionLoops(settings, builder.observer, builder.sessionLoops),
                new SessionTable(settings, builder.observer));
        this.router = new RequestRouter(context);
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
        return new EngineIoHandler(context, router, false);
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
        return ListeningServer.bind(context, router, address, eventLoops);
    }

    /** The settings that it was built with. */
    public EngineIoSettings settings() {
        return context.settings();
    }

    /** What this server keeps for itself; ends with {@code /} unless {@link EngineIoSettings#addTrailingSlash()} is off. */
    public String path() {
        return context.path();
    }

    /** Sessions that are open, or whose peers may still fetch their last packets. */
    public int sessionCount() {
        return context.sessions().count();
    }

    /** The session with this id. */
    public Optional<Session> session(String id) {
        return context.sessions().find(id).map(Session.class::cast);
    }

    /** The loops that have carried sessions so far. */
    public List<SessionLoop> loops() {
        return context.loops().all();
    }

    /** Waits while any loop has too many commands; a caller that sends to many sessions calls it first. Safe from any thread. */
    public void awaitCapacity() {
        context.loops().awaitCapacity();
    }

    /**
     * Takes no more handshakes and closes every session after what was sent to it.
     *
     * @param deadline after it, connections that are still there are cut
     * @return completes when the last session has gone; never fails
     */
    public CompletionStage<Void> close(Duration deadline) {
        return context.sessions().close(deadline);
    }

    ChannelHandler standaloneHandler() {
        return new EngineIoHandler(context, router, true);
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

        /** Path, heartbeat, limits, origins; see {@link EngineIoSettings#defaults}. */
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

        /** Takes what the server reports; nothing does by default. */
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
         * connections: other requests to the same port do not wait for work on thousands of sessions. Costs each session two changes of thread when it begins. The loops are of the same kind as those of the
         * connections ({@link EventLoops}); the caller shuts them down.
         */
        public Builder sessionLoops(EventLoopGroup sessionLoops) {
            this.sessionLoops = sessionLoops;
            return this;
        }

        /** Builds the server, which listens nowhere yet. */
        public EngineIoServer build() {
            return new EngineIoServer(this);
        }
    }
}
