package io.heliograph.gateway;

import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.FeedMetrics;
import io.heliograph.eventlog.FeedSettings;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import io.heliograph.socketio.Parser;
import io.heliograph.socketio.ParserLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A gateway on a log in memory, with clients, in which nothing happens by itself: time, event loops and threads move when
 * the test says so. For one thread.
 */
final class GatewayWorld implements AutoCloseable {
    static final Audience EVERYONE = new Audience.Everyone();
    /** So many connects find room at once; see {@link io.heliograph.engineio.BoundedAdmission}. */
    static final int CONNECTS_AT_ONCE = 100;

    final ManualTime time = new ManualTime();
    final LocalBus bus = new LocalBus();
    final MemoryLog log = new MemoryLog(bus);
    final ManualWatch watch = new ManualWatch();
    /** Checks of streams and polls that wait to be run. */
    final Queue<Runnable> checks = new ArrayDeque<>();

    final CredentialGuard guard = new CredentialGuard(watch, time, checks::add);
    final RecordingObserver observer = new RecordingObserver();
    /** What each credential is found to be, at each reading. */
    final Map<String, Supplier<Authentication>> credentials = new HashMap<>();
    /** The credentials that were read, in this order. */
    final List<String> readings = new ArrayList<>();

    /** The type of events that cannot be encoded; none when empty. */
    String broken = "";

    final EventsGateway gateway;
    private final EmbeddedChannel sessions = new EmbeddedChannel();
    private final List<Peer> peers = new ArrayList<>();

    private GatewayWorld(Builder builder) {
        sessions.freezeTime();
        EventsGateway.Builder gateway = EventsGateway.builder(
                        log, bus, this::authenticate, guard, builder.settings.toSettings())
                .engine(builder.engine.build())
                .parser(builder.parser)
                .feeds(builder.feeds.build(), FeedMetrics.NONE)
                .observer(observer)
                .beforeDelivery(event -> {
                    if (event.type().equals(broken)) {
                        throw new IllegalStateException("cannot be encoded");
                    }
                })
                .clients(builder.clients)
                .timer(time)
                .time(time)
                .threads(time, time)
                .sessionLoops(sessions.eventLoop());
        gateway.topicFamily("agents");
        builder.commands.forEach(gateway::command);
        this.gateway = gateway.build();
    }

    static GatewayWorld create() {
        return builder().build();
    }

    static Builder builder() {
        return new Builder();
    }

    // --- who is there ------------------------------------------------------------------------------------------------

    /** A member of {@code acme} whose token is its name and has no end. */
    GatewayWorld member(String name) {
        return credential(name, Principals.member("acme", name));
    }

    GatewayWorld credential(String token, Principal principal) {
        credentials.put(token, () -> new Accepted(principal));
        return this;
    }

    private Authentication authenticate(String credential) {
        readings.add(credential);
        return credentials
                .getOrDefault(credential, () -> new Rejected("token_invalid", "It is unknown"))
                .get();
    }

    /** A client whose handshake was answered. */
    Peer open() {
        Peer peer = handshake();
        settle();
        return peer;
    }

    /** A client that has sent its handshake. */
    Peer handshake() {
        Peer peer = new Peer(this, gateway.newChannelHandler());
        peers.add(peer);
        runLoops();
        return peer;
    }

    /** A connected client. */
    Peer connect(String token) {
        return open().connect(token);
    }

    /** A client that goes on after a cursor. */
    Peer connect(String token, String cursor) {
        return open().connect(token, cursor);
    }

    // --- what happens ------------------------------------------------------------------------------------------------

    /** Appends an event for everyone in {@code acme}, and lets it arrive. */
    void append(String name) {
        log.append("acme", name, EVERYONE);
        settle();
    }

    /** Appends an event for one member of {@code acme}, and lets it arrive. */
    void append(String name, String member) {
        log.append("acme", name, new Audience.Member(member));
        settle();
    }

    /** Runs everything that can run without time passing. */
    void settle() {
        do {
            while (time.step(0)) {
                // Each step may lead to more.
            }
            runLoops();
        } while (time.hasTasks());
    }

    /** Runs what waits for the event loops, not the threads of feeds. */
    void runLoops() {
        for (int round = 0; round < 3; round++) {
            sessions.runPendingTasks();
            peers.forEach(Peer::run);
        }
    }

    /** Lets time pass for timers, loops and credentials. */
    void advance(Duration duration) {
        long until = time.nanoTime() + duration.toNanos();
        settle();
        while (time.stepTimer(until)) {
            settle();
        }
        time.moveTo(until);
        for (long left = duration.toNanos(); left > 0; left -= TimeUnit.MILLISECONDS.toNanos(20)) {
            long step = Math.min(left, TimeUnit.MILLISECONDS.toNanos(20));
            sessions.advanceTimeBy(step, TimeUnit.NANOSECONDS);
            sessions.runScheduledPendingTasks();
            peers.forEach(peer -> peer.advance(step));
        }
        settle();
    }

    /** Lets time pass for credentials, and does what is due. */
    void expire(Duration duration) {
        time.moveTo(time.nanoTime() + duration.toNanos());
        guard.runDue();
        settle();
    }

    /** Runs the checks of streams and polls. */
    void check() {
        while (!checks.isEmpty()) {
            checks.remove().run();
        }
        settle();
    }

    /** Sockets that count against the quotas. */
    long sockets() {
        return gateway.socketsBetween(1, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
        settle();
        gateway.close();
        settle();
        bus.close();
        sessions.finishAndReleaseAll();
    }

    /** The settings of a gateway, as records of the other modules want them. */
    record Bounds(int sockets, int perWorkspace, int perMember, int connectsPerSecond, Duration connectTimeout) {
        GatewaySettings toSettings() {
            return new GatewaySettings(
                    sockets,
                    perWorkspace,
                    perMember,
                    connectsPerSecond,
                    connectTimeout,
                    4,
                    Builder.EVENTS_PER_SECOND,
                    Builder.WARNING,
                    Builder.DRAIN_RATE,
                    Duration.ofSeconds(15));
        }
    }

    /** Collects what is not as usual. */
    static final class Builder {
        static final int EVENTS_PER_SECOND = 5;
        static final Duration WARNING = Duration.ofMinutes(1);
        static final int DRAIN_RATE = 2;

        private final Map<String, SocketCommand> commands = new HashMap<>();
        private final EngineIoSettings.Builder engine =
                EngineIoSettings.builder().path("/socket.io/");
        private final FeedSettings.Builder feeds = FeedSettings.builder();
        private ClientListener clients = ClientListener.NONE;
        private Parser parser = Parser.json(ParserLimits.defaults());
        private Bounds settings = new Bounds(100, 100, 100, 50 * CONNECTS_AT_ONCE, Duration.ofSeconds(5));

        Builder bounds(Bounds bounds) {
            settings = bounds;
            return this;
        }

        /** Events in one page of a client that catches up. */
        Builder page(int events) {
            feeds.pageEvents(events);
            return this;
        }

        Builder maxOutboundBytes(int bytes) {
            engine.maxOutboundBytes(bytes);
            return this;
        }

        Builder parser(Parser parser) {
            this.parser = parser;
            return this;
        }

        Builder clients(ClientListener listener) {
            clients = listener;
            return this;
        }

        Builder command(String name, SocketCommand command) {
            commands.put(name, command);
            return this;
        }

        GatewayWorld build() {
            return new GatewayWorld(this);
        }
    }
}
