package io.heliograph.eventlog;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bus of several nodes, over the publish and subscribe of a Redis server: a channel for the hints of each workspace
 * that is followed here, and one for all signals. It needs {@code lettuce-core} and {@code jackson-dataformat-cbor} on the
 * class path.
 *
 * <p>This node's own listeners are called on the sender's thread, whether Redis is available or not; those of other nodes
 * on a thread of the client. A sender never waits: what Redis does not take soon is dropped and counted. When a message was
 * lost, the other nodes are notified, at most once a second, so that they compare their feeds with the log at once.
 *
 * <p>Safe from any thread. A program that can write to the Redis server can send the nodes any message: the server must
 * belong to them alone, as the database does.
 */
public final class RedisBus implements Bus {
    private static final Duration MISSED_CHECK = Duration.ofMillis(250);
    private static final long MISSED_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What a message takes in memory beside its bytes, until Redis has answered. */
    private static final int MESSAGE_OVERHEAD = 512;

    private final RedisBusSettings settings;
    private final BusMetrics metrics;
    private final Ticker ticker;
    private final String prefix;
    private final String signals;
    private final long nodeId = new SecureRandom().nextLong();
    private final LocalBus local = new LocalBus();
    private final RedisConnection connection;
    private final Semaphore unansweredBytes;

    /** How often each workspace is followed. What the server confirms is compared with it. */
    private final ConcurrentHashMap<WorkspaceId, Integer> followers = new ConcurrentHashMap<>();

    private final AtomicBoolean closed = new AtomicBoolean();

    /** Messages of this node were lost, and the others do not know. */
    private volatile boolean missed;
    /** Only the connection's thread touches it. */
    private long missedAtNanos;

    private RedisBus(RedisAddress address, RedisBusSettings settings, BusMetrics metrics, Ticker ticker) {
        this.settings = settings;
        this.metrics = metrics;
        this.ticker = ticker;
        prefix = "heliograph:" + address.database() + ":log:";
        signals = "heliograph:" + address.database() + ":signals";
        unansweredBytes = new Semaphore(settings.unansweredBytes());
        missedAtNanos = ticker.nanoTime() - MISSED_INTERVAL_NANOS;
        connection = new RedisConnection(address, settings, new ConnectionListener());
    }

    /** Begins to connect; it does not wait for that, nor fail when Redis is away. */
    public static RedisBus open(RedisAddress address, RedisBusSettings settings, BusMetrics metrics) {
        return open(address, settings, metrics, Ticker.system());
    }

    static RedisBus open(RedisAddress address, RedisBusSettings settings, BusMetrics metrics, Ticker ticker) {
        RedisBus bus = new RedisBus(address, settings, metrics, ticker);
        bus.connection.open();
        bus.connection.every(MISSED_CHECK, bus::announceMissed);
        return bus;
    }

    @Override
    public void publish(Hint hint) {
        local.publish(hint);
        send(new BusMessage.OfHint(hint));
    }

    @Override
    public void signal(Signal signal) {
        local.signal(signal);
        send(new BusMessage.OfSignal(signal));
    }

    private void send(BusMessage message) {
        if (!connection.connected()) {
            dropped();
            return;
        }
        byte[] bytes = BusMessageCodec.encode(nodeId, message);
        int permits = Math.min(bytes.length + MESSAGE_OVERHEAD, settings.unansweredBytes());
        if (!unansweredBytes.tryAcquire(permits)) {
            dropped();
            return;
        }
        var unused = connection.publish(channel(message), bytes).whenComplete((listeners, failure) -> {
            unansweredBytes.release(permits);
            if (failure == null) {
                metrics.published();
            } else {
                dropped();
            }
        });
    }

    private String channel(BusMessage message) {
        return message instanceof BusMessage.OfHint carried
                ? prefix + carried.hint().workspace()
                : signals;
    }

    private Optional<WorkspaceId> workspace(String channel) {
        return channel.startsWith(prefix)
                ? Optional.of(new WorkspaceId(channel.substring(prefix.length())))
                : Optional.empty();
    }

    private void dropped() {
        missed = true;
        metrics.dropped();
    }

    private void announceMissed() {
        if (missed && connected() && ticker.nanoTime() - missedAtNanos >= MISSED_INTERVAL_NANOS) {
            missed = false;
            missedAtNanos = ticker.nanoTime();
            send(new BusMessage.Missed());
        }
    }

    @Override
    public void follow(WorkspaceId workspace) {
        if (followers.merge(workspace, 1, Integer::sum) == 1) {
            connection.subscribe(prefix + workspace);
        }
    }

    @Override
    public void unfollow(WorkspaceId workspace) {
        if (followers.computeIfPresent(workspace, (key, count) -> count == 1 ? null : count - 1) == null) {
            connection.unsubscribe(prefix + workspace);
        }
    }

    @Override
    public boolean connected() {
        return connection.connected();
    }

    @Override
    public long queuedBytes() {
        return settings.unansweredBytes() - (long) unansweredBytes.availablePermits();
    }

    @Override
    public Subscription subscribe(Listener listener) {
        return local.subscribe(listener);
    }

    /** Waits until Redis has what was sent, if that takes no longer than the timeout, and ends. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            boolean unused = unansweredBytes.tryAcquire(
                    settings.unansweredBytes(), settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        local.close();
        connection.close();
    }

    private void receive(BusMessage message) {
        switch (message) {
            case BusMessage.OfHint carried -> local.publish(carried.hint());
            case BusMessage.OfSignal carried -> local.signal(carried.signal());
            case BusMessage.Missed missed -> local.notifyListeners(Listener::reconnected);
        }
    }

    private final class ConnectionListener implements RedisConnection.Listener {
        @Override
        public Set<String> channels() {
            Set<String> channels = new HashSet<>();
            channels.add(signals);
            followers.keySet().forEach(workspace -> channels.add(prefix + workspace));
            return channels;
        }

        @Override
        public void subscribed(String channel) {
            Optional<WorkspaceId> workspace = workspace(channel);
            // The workspace may have been unfollowed since. After a reconnect, Lettuce restores old subscriptions too.
            if (workspace.isPresent() && !followers.containsKey(workspace.get())) {
                connection.unsubscribe(channel);
            } else if (workspace.isPresent() && connected()) {
                local.notifyListeners(listener -> listener.followed(workspace.get()));
            }
        }

        @Override
        public void unsubscribed(String channel) {
            // The workspace may have been followed since the command was sent.
            if (workspace(channel).filter(followers::containsKey).isPresent()) {
                connection.subscribe(channel);
            }
        }

        @Override
        public void message(byte[] bytes) {
            BusMessageCodec.decode(bytes)
                    .ifPresentOrElse(
                            received -> {
                                // What this node says, its listeners know.
                                if (received.sender() != nodeId) {
                                    metrics.received();
                                    receive(received.message());
                                }
                            },
                            metrics::dropped);
        }

        @Override
        public void restored() {
            announceMissed();
            local.notifyListeners(Listener::reconnected);
        }
    }
}
