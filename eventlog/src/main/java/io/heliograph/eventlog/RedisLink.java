package io.heliograph.eventlog;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One connection for publishing and one for what is subscribed to, until either of them fails: then the link has ended,
 * and its owner opens another one. Used by one thread; its listener is called on a thread of the client.
 *
 * <p>Sharded channels are used where the server has them and is not a cluster, in which they would belong to one
 * of its servers: plain channels go to all of them, whichever of them this link is with.
 */
final class RedisLink implements AutoCloseable {
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    private static final Pattern MAJOR_VERSION = Pattern.compile("(?m)^redis_version:(\\d{1,6})\\.");
    private static final int FIRST_WITH_SHARDED_CHANNELS = 7;

    private final StatefulRedisConnection<String, byte[]> publisher;
    private final StatefulRedisPubSubConnection<String, byte[]> subscriber;
    private final Duration timeout;
    private final boolean sharded;
    private volatile @Nullable String endReason;
    private List<RedisFuture<String>> pings = List.of();

    /** Called for what arrives. */
    interface Listener {
        void message(byte[] bytes);

        void subscribed(String channel);

        /** The link has ended. */
        void broken();
    }

    private RedisLink(
            StatefulRedisConnection<String, byte[]> publisher,
            StatefulRedisPubSubConnection<String, byte[]> subscriber,
            Duration timeout,
            Listener listener) {
        this.publisher = publisher;
        this.subscriber = subscriber;
        this.timeout = timeout;
        this.sharded = hasShardedChannels(publisher.sync().info("server"));
        subscriber.addListener(new PubSubListener(listener));
        StateListener stateListener = new StateListener(listener);
        publisher.addListener(stateListener);
        subscriber.addListener(stateListener);
    }

    /**
     * Connects.
     *
     * @throws RedisException when the server cannot be reached or refuses
     */
    static RedisLink open(RedisClient client, RedisURI uri, Duration timeout, Listener listener) {
        StatefulRedisConnection<String, byte[]> publisher = client.connect(CODEC, uri);
        @Nullable StatefulRedisPubSubConnection<String, byte[]> subscriber = null;
        try {
            subscriber = client.connectPubSub(CODEC, uri);
            return new RedisLink(publisher, subscriber, timeout, listener);
        } catch (RuntimeException failure) {
            publisher.close();
            if (subscriber != null) {
                subscriber.close();
            }
            throw failure;
        }
    }

    /**
     * Whether a server has sharded channels, and they reach every node.
     *
     * @param info what Redis answers to {@code INFO server}
     */
    static boolean hasShardedChannels(String info) {
        Matcher version = MAJOR_VERSION.matcher(info);
        return version.find()
                && Integer.parseInt(version.group(1)) >= FIRST_WITH_SHARDED_CHANNELS
                && !info.contains("redis_mode:cluster");
    }

    boolean sharded() {
        return sharded;
    }

    /** Subscribes to the channels. The listener is called for each when its messages begin to arrive. */
    CompletionStage<Void> subscribe(Collection<String> channels) {
        String[] names = channels.toArray(String[]::new);
        RedisFuture<Void> done = sharded
                ? subscriber.async().ssubscribe(names)
                : subscriber.async().subscribe(names);
        var unused = done.whenComplete((nothing, failure) -> {
            if (failure != null) {
                endReason = reason(failure);
            }
        });
        return done;
    }

    void unsubscribe(String channel) {
        var unused = sharded
                ? subscriber.async().sunsubscribe(channel)
                : subscriber.async().unsubscribe(channel);
    }

    CompletionStage<Long> publish(String channel, byte[] bytes) {
        return sharded
                ? publisher.async().spublish(channel, bytes)
                : publisher.async().publish(channel, bytes);
    }

    /**
     * Does nothing while the link is good.
     *
     * @throws RedisException when it has ended, for whatever reason
     */
    void check() {
        String known = endReason;
        if (known != null) {
            throw new RedisException(known);
        }
        if (!publisher.isOpen() || !subscriber.isOpen()) {
            throw new RedisException("the connection was closed");
        }
    }

    /**
     * Asks both ends whether they are there.
     *
     * @throws RedisException when one has not answered the last time
     */
    void ping() {
        for (RedisFuture<String> ping : pings) {
            if (!ping.isDone() || ping.toCompletableFuture().isCompletedExceptionally()) {
                throw new RedisException("it does not answer");
            }
        }
        pings = List.of(publisher.async().ping(), subscriber.async().ping());
    }

    /**
     * Waits for an answer.
     *
     * @throws RedisException when it does not come, or is an error
     */
    void await(CompletionStage<?> answer) throws InterruptedException {
        try {
            answer.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException failure) {
            throw new RedisException("it does not answer");
        } catch (ExecutionException failure) {
            throw new RedisException(reason(failure));
        }
    }

    /** The innermost message, on one line. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        return message.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        publisher.close();
        subscriber.close();
    }

    private static final class PubSubListener extends RedisPubSubAdapter<String, byte[]> {
        private final Listener listener;

        PubSubListener(Listener listener) {
            this.listener = listener;
        }

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
    }

    private final class StateListener implements RedisConnectionStateListener {
        private final Listener listener;

        StateListener(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            endReason = "the connection was closed";
            listener.broken();
        }
    }
}
