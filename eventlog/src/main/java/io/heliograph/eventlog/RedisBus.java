package io.heliograph.eventlog;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus of several nodes, over the publish and subscribe of a Redis server: a channel for the hints of each workspace
 * that is followed here, and one for all signals. It needs {@code lettuce-core} on the class path.
 *
 * <p>This node's own listeners are called on the sender's thread, whether Redis is available or not; those of other nodes
 * on a thread of the client. A sender never waits: what cannot be sent soon is dropped and counted. When a message was
 * lost, the other nodes are notified, at most once a second, so that they compare their feeds with the log at once.
 *
 * <p>One thread owns the link to Redis: it connects, subscribes, sends, pings, and
 * opens a new link when this one has ended, without end. Safe from any thread. A program that can write to the Redis
 * server can send the nodes any message: the server must belong to them alone, as the database does.
 */
public final class RedisBus implements Bus {
    private static final Logger LOG = LoggerFactory.getLogger(RedisBus.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long MISSED_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int CHANNELS_PER_COMMAND = 256;

    private final RedisAddress address;
    private final RedisBusSettings settings;
    private final BusMetrics metrics;
    private final String prefix;
    private final String signals;
    private final long nodeId = new SecureRandom().nextLong();
    private final LocalBus local = new LocalBus();
    private final SendQueue queue;

    /** How often each workspace is followed. */
    private final ConcurrentHashMap<WorkspaceId, Integer> followers = new ConcurrentHashMap<>();
    /** Workspaces whose followers came or went since the thread last looked. */
    private final Set<WorkspaceId> changed = ConcurrentHashMap.newKeySet();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final ClientResources resources;
    private final RedisClient client;
    private final Thread thread;
    private volatile boolean connected;
    /** Something of ours got lost, and the others do not know. */
    private volatile boolean missed;

    /** Only the thread touches these. */
    private boolean unreachable;

    private int failures;
    private long missedAtNanos = System.nanoTime() - MISSED_INTERVAL_NANOS;

    private RedisBus(RedisAddress address, RedisBusSettings settings, BusMetrics metrics) {
        this.address = address;
        this.settings = settings;
        this.metrics = metrics;
        prefix = "heliograph:" + address.database() + ":log:";
        signals = "heliograph:" + address.database() + ":signals";
        queue = new SendQueue(settings.waiting(), settings.waitingBytes());
        resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.timeout())
                        .build())
                .build());
        thread = Thread.ofPlatform().name("redis-bus").daemon(true).unstarted(this::run);
    }

    /** Begins to connect; it does not wait for that, nor fail when Redis is away. */
    public static RedisBus open(RedisAddress address, RedisBusSettings settings, BusMetrics metrics) {
        RedisBus bus = new RedisBus(address, settings, metrics);
        bus.thread.start();
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
        if (!queue.offer(message)) {
            dropped();
        }
    }

    private void dropped() {
        missed = true;
        metrics.dropped();
    }

    @Override
    public void follow(WorkspaceId workspace) {
        followers.merge(workspace, 1, Integer::sum);
        followersChanged(workspace);
    }

    @Override
    public void unfollow(WorkspaceId workspace) {
        followers.computeIfPresent(workspace, (key, count) -> count == 1 ? null : count - 1);
        followersChanged(workspace);
    }

    private void followersChanged(WorkspaceId workspace) {
        changed.add(workspace);
        queue.wake();
    }

    @Override
    public boolean connected() {
        return connected;
    }

    @Override
    public Subscription subscribe(Listener listener) {
        return local.subscribe(listener);
    }

    /** Sends what waits, if that takes no longer than the timeout, and ends. */
    @Override
    public void close() {
        closing.countDown();
        queue.wake();
        try {
            thread.join(settings.timeout());
            thread.interrupt();
            thread.join(settings.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        local.close();
        client.shutdown(Duration.ZERO, settings.timeout());
        var unused = resources.shutdown(0, settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        try {
            while (!isClosing()) {
                try (RedisLink link = RedisLink.open(client, uri(), settings.timeout(), new LinkListener())) {
                    serve(link);
                } catch (RedisException failure) {
                    logUnreachable(failure);
                } catch (RuntimeException failure) {
                    // Whatever it was, the next link begins from nothing.
                    LOG.error("the bus on {} failed", address, failure);
                } finally {
                    connected = false;
                    for (int count = queue.close(); count > 0; count--) {
                        dropped();
                    }
                }
                pause();
            }
        } catch (InterruptedException e) {
            // Closed while it waited for Redis.
        }
    }

    private void serve(RedisLink link) throws InterruptedException {
        changed.clear();
        Set<WorkspaceId> subscribed = new HashSet<>(followers.keySet());
        subscribeAll(link, subscribed);
        onConnected(link);
        Semaphore unanswered = new Semaphore(settings.unansweredBytes());
        long pingAtNanos = System.nanoTime();
        while (!isClosing() || !queue.isEmpty()) {
            link.check();
            reconcile(link, subscribed);
            announceMissed(link, unanswered);
            if (System.nanoTime() - pingAtNanos >= 0) {
                link.ping();
                pingAtNanos = System.nanoTime() + settings.timeout().toNanos();
            }
            BusMessage message = queue.take(TICK);
            if (message != null) {
                send(link, unanswered, message);
            }
        }
        boolean answered = unanswered.tryAcquire(
                settings.unansweredBytes(), settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("the bus ends, {}", answered ? "all is sent" : "not all was answered");
    }

    private void subscribeAll(RedisLink link, Set<WorkspaceId> workspaces) throws InterruptedException {
        List<String> channels = new ArrayList<>();
        channels.add(signals);
        workspaces.forEach(workspace -> channels.add(prefix + workspace));
        for (int from = 0; from < channels.size(); from += CHANNELS_PER_COMMAND) {
            link.await(link.subscribe(channels.subList(from, Math.min(channels.size(), from + CHANNELS_PER_COMMAND))));
        }
    }

    private void onConnected(RedisLink link) {
        queue.open();
        connected = true;
        failures = 0;
        LOG.info("the bus on {} is connected, with {} channels", address, link.sharded() ? "sharded" : "plain");
        unreachable = false;
        local.notifyListeners(Listener::reconnected);
    }

    private void reconcile(RedisLink link, Set<WorkspaceId> subscribed) {
        List<String> wanted = new ArrayList<>();
        for (Iterator<WorkspaceId> each = changed.iterator(); each.hasNext(); ) {
            WorkspaceId workspace = each.next();
            // First forgotten, then looked at: a later change is seen the next time.
            each.remove();
            if (!followers.containsKey(workspace)) {
                if (subscribed.remove(workspace)) {
                    link.unsubscribe(prefix + workspace);
                }
            } else if (subscribed.add(workspace)) {
                wanted.add(prefix + workspace);
            }
        }
        for (int from = 0; from < wanted.size(); from += CHANNELS_PER_COMMAND) {
            CompletionStage<Void> unused =
                    link.subscribe(wanted.subList(from, Math.min(wanted.size(), from + CHANNELS_PER_COMMAND)));
        }
    }

    private void announceMissed(RedisLink link, Semaphore unanswered) throws InterruptedException {
        if (missed && System.nanoTime() - missedAtNanos >= MISSED_INTERVAL_NANOS) {
            missed = false;
            missedAtNanos = System.nanoTime();
            send(link, unanswered, new BusMessage.Missed());
        }
    }

    private void send(RedisLink link, Semaphore unanswered, BusMessage message) throws InterruptedException {
        byte[] bytes = BusMessage.encode(nodeId, message);
        int permits = Math.min(bytes.length, settings.unansweredBytes());
        if (!unanswered.tryAcquire(permits, settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            dropped();
            throw new RedisException("it does not answer");
        }
        var unused = link.publish(channel(message), bytes).whenComplete((listeners, failure) -> {
            unanswered.release(permits);
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

    private void logUnreachable(RedisException failure) {
        if (!unreachable && !isClosing()) {
            LOG.warn(
                    "the bus on {} is unreachable ({}); until it is back, events of other nodes arrive by the checks of the log's head",
                    address,
                    RedisLink.reason(failure));
        }
        unreachable = true;
    }

    /** Twice as long after each failure; never quite as long as other nodes, which lost the same Redis. */
    private void pause() throws InterruptedException {
        long longest = settings.longestRetry().toMillis();
        long millis = Math.min(longest, FIRST_RETRY_MILLIS << Math.min(failures, 10));
        failures++;
        boolean unused =
                closing.await(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1), TimeUnit.MILLISECONDS);
    }

    private RedisURI uri() {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(address.host())
                .withPort(address.port())
                .withDatabase(address.database())
                .withClientName("heliograph")
                .withTimeout(settings.timeout());
        address.password().ifPresent(password -> {
            if (address.user().isPresent()) {
                uri.withAuthentication(address.user().get(), password.toCharArray());
            } else {
                uri.withPassword(password.toCharArray());
            }
        });
        return uri.build();
    }

    private void receive(BusMessage message) {
        switch (message) {
            case BusMessage.OfHint carried -> local.publish(carried.hint());
            case BusMessage.OfSignal carried -> local.signal(carried.signal());
            case BusMessage.Missed missed -> local.notifyListeners(Listener::reconnected);
        }
    }

    private final class LinkListener implements RedisLink.Listener {
        @Override
        public void message(byte[] bytes) {
            BusMessage.decode(bytes)
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
        public void subscribed(String channel) {
            if (connected && channel.startsWith(prefix)) {
                WorkspaceId workspace = new WorkspaceId(channel.substring(prefix.length()));
                local.notifyListeners(listener -> listener.followed(workspace));
            }
        }

        @Override
        public void broken() {
            queue.wake();
        }
    }
}
