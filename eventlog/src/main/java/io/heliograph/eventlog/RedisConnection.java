package io.heliograph.eventlog;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's connection to Redis, from its opening until it is closed, whether the server is available or not.
 *
 * <p>Lettuce reconnects what was connected once, and subscribes again, but does not tell whether that succeeded. One
 * thread does the rest: it connects for the first time, with growing pauses between the attempts, and makes sure after each
 * connect that all channels are subscribed to.
 *
 * <p>Safe from any thread. Only {@link #close} waits.
 */
final class RedisConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisConnection.class);
    private static final int PINGS_PER_TIMEOUT = 3;
    private static final Duration RECONNECT_TIMEOUT = Duration.ofMinutes(1);

    private final RedisAddress address;
    private final Listener listener;
    private final RedisConnector connector;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("redis-bus").daemon(true).factory(), new ThreadPoolExecutor.DiscardPolicy());
    private volatile boolean closing;

    /** Only the thread writes it. */
    private volatile @Nullable RedisChannels channels;
    /** How often a connection was lost. */
    private final AtomicInteger losses = new AtomicInteger();
    /** The number of losses when all channels were subscribed to for the last time. */
    private volatile int restoredAfter = -1;
    /** The log has a warning of this outage. */
    private final AtomicBoolean unreachable = new AtomicBoolean();

    /** Only the thread touches it. */
    private int failures;

    /** Called on threads of the client; must not block or throw. */
    interface Listener {
        /** The channels that are to be subscribed to. */
        Set<String> channels();

        /** Messages of the channel arrive from now on. */
        void subscribed(String channel);

        /** No messages of the channel arrive from now on. */
        void unsubscribed(String channel);

        void message(byte[] bytes);

        /** All channels are subscribed to: for the first time, or again after a loss. */
        void restored();
    }

    RedisConnection(RedisAddress address, RedisBusSettings settings, Listener listener) {
        this.address = address;
        this.listener = listener;
        connector = new RedisConnector(address, settings);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void open() {
        thread.execute(this::establish);
        // On another thread, because this one waits for answers.
        connector.every(connector.timeout().dividedBy(PINGS_PER_TIMEOUT), this::ping);
    }

    /** Runs a task at an interval on the thread until this is closed. */
    void every(Duration interval, Runnable task) {
        var unused = thread.scheduleWithFixedDelay(task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether messages can be sent and those of all channels arrive. */
    boolean connected() {
        return restoredAfter == losses.get();
    }

    /** Fails at once when it is not connected. */
    CompletionStage<Long> publish(String channel, byte[] bytes) {
        RedisChannels present = channels;
        return present == null || !connected()
                ? CompletableFuture.failedFuture(new RedisException("it is not connected"))
                : present.publish(channel, bytes);
    }

    /** Does nothing when it is not connected: then all channels of the listener will be subscribed to. */
    void subscribe(String channel) {
        RedisChannels present = channels;
        if (present != null) {
            var unused = present.subscribe(List.of(channel)).whenComplete((nothing, failure) -> {
                if (failure instanceof RedisCommandExecutionException) {
                    thread.execute(() -> startAgain(present, failure));
                }
            });
        }
    }

    void unsubscribe(String channel) {
        RedisChannels present = channels;
        if (present != null) {
            present.unsubscribe(channel);
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.shutdownNow();
        try {
            boolean unused = thread.awaitTermination(connector.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RedisChannels last = channels;
        if (last != null) {
            last.close();
        }
        connector.close();
    }

    private void ping() {
        RedisChannels present = channels;
        if (present != null) {
            present.ping();
        }
    }

    /** Connects if that was never done, and subscribes if a connection was made since the last time. */
    private void establish() {
        if (connected() || closing) {
            return;
        }
        int before = losses.get();
        RedisChannels present = channels;
        try {
            if (present == null) {
                present = RedisChannels.open(connector, new PubSubListener(), new StateListener());
                channels = present;
                restore(present, before);
            } else if (present.isOpen()) {
                restore(present, before);
            }
        } catch (RuntimeException failure) {
            if (present == null || losses.get() == before) {
                startAgain(present, failure);
            }
            // Otherwise a connection was lost during the attempt. Lettuce reconnects, which calls this method again.
        } catch (InterruptedException e) {
            // Closed while it waited for an answer.
            Thread.currentThread().interrupt();
        }
    }

    private void restore(RedisChannels present, int before) throws InterruptedException {
        present.restore(listener.channels());
        restoredAfter = before;
        failures = 0;
        unreachable.set(false);
        LOG.info("the bus on {} is connected, with {} channels", address, present.sharded() ? "sharded" : "plain");
        listener.restored();
    }

    /** Gives these connections up, and makes new ones after a pause. */
    private void startAgain(@Nullable RedisChannels failed, Throwable failure) {
        if (failed != channels) {
            return;
        }
        if (failure instanceof RedisException) {
            logUnreachable(reason(failure));
        } else {
            LOG.error("the bus on {} failed", address, failure);
        }
        losses.incrementAndGet();
        channels = null;
        if (failed != null) {
            failed.close();
        }
        var unused = thread.schedule(
                this::establish, connector.retryDelay(++failures).toNanos(), TimeUnit.NANOSECONDS);
    }

    private void lost(RedisChannels present) {
        int loss = losses.incrementAndGet();
        logUnreachable(connector.takeLossReason());
        // Lettuce stops trying after some answers, such as that of a server in protected mode. Another server of a
        // cluster may
        // be there at once.
        Duration patience = connector.kind() == RedisAddress.Kind.CLUSTER ? Duration.ZERO : RECONNECT_TIMEOUT;
        var unused = thread.schedule(
                () -> {
                    if (loss == losses.get() && !connected()) {
                        startAgain(present, new RedisException("it was not reconnected in time"));
                    }
                },
                patience.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** One line for an outage. */
    private void logUnreachable(String reason) {
        if (!closing && unreachable.compareAndSet(false, true)) {
            LOG.warn(
                    "the bus on {} is unreachable ({}); until it is back, events of other nodes arrive by the checks of the log's head",
                    address,
                    reason);
        }
    }

    /** The innermost message, on one line. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        return message.lines().findFirst().orElse("");
    }

    private final class PubSubListener extends RedisPubSubAdapter<String, byte[]> {
        @Override
        public void message(String channel, byte[] message) {
            listener.message(message);
        }

        @Override
        public void smessage(String channel, byte[] message) {
            listener.message(message);
        }

        @Override
        public void subscribed(String channel, long count) {
            listener.subscribed(channel);
        }

        @Override
        public void ssubscribed(String channel, long count) {
            listener.subscribed(channel);
        }

        @Override
        public void unsubscribed(String channel, long count) {
            listener.unsubscribed(channel);
        }

        @Override
        public void sunsubscribed(String channel, long count) {
            listener.unsubscribed(channel);
        }
    }

    private final class StateListener implements RedisConnectionStateListener {
        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress socketAddress) {
            thread.execute(RedisConnection.this::establish);
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            RedisChannels present = channels;
            if (present != null && present.uses(connection)) {
                lost(present);
            }
        }
    }
}
