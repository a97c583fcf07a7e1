package io.heliograph.eventlog;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The channels of one Redis server, over a connection for publishing and one for what is subscribed to. Lettuce reconnects
 * each of them, and subscribes again to its channels, until this is closed.
 *
 * <p>Of a cluster, one server is used: each of them passes plain channels on to all others. With Sentinels, Lettuce asks them for
 * the master at each connect.
 *
 * <p>Sharded channels are used where the server has them and is not a cluster, in which they would belong to one
 * of its servers: plain channels go to all of them, whichever of them this node is connected to.
 *
 * <p>Safe from any thread.
 */
final class RedisChannels implements AutoCloseable {
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    private static final Pattern MAJOR_VERSION = Pattern.compile("(?m)^redis_version:(\\d{1,6})\\.");
    private static final int FIRST_WITH_SHARDED_CHANNELS = 7;

    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> publisher;
    private final StatefulRedisPubSubConnection<String, byte[]> subscriber;
    private final Duration timeout;
    private final RedisAddress.Kind kind;
    private final boolean sharded;

    private RedisChannels(
            RedisClient client,
            RedisConnector connector,
            RedisPubSubListener<String, byte[]> listener,
            RedisConnectionStateListener stateListener)
            throws InterruptedException {
        this.client = client;
        timeout = connector.timeout();
        kind = connector.kind();
        publisher = client.connect(CODEC);
        subscriber = client.connectPubSub(CODEC);
        sharded = serverHasShardedChannels();
        subscriber.addListener(listener);
        subscriber.addListener(stateListener);
        publisher.addListener(stateListener);
    }

    /**
     * Connects for the first time.
     *
     * @throws RedisException when the server cannot be reached or refuses
     */
    static RedisChannels open(
            RedisConnector connector,
            RedisPubSubListener<String, byte[]> listener,
            RedisConnectionStateListener stateListener)
            throws InterruptedException {
        RedisClient client = connector.newClient();
        try {
            return new RedisChannels(client, connector, listener, stateListener);
        } catch (RuntimeException | InterruptedException failure) {
            client.shutdown(Duration.ZERO, connector.timeout());
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

    /** Asks the server, and makes sure that it is what the address says. */
    private boolean serverHasShardedChannels() throws InterruptedException {
        String info = await(publisher.async().info("server"));
        if (kind == RedisAddress.Kind.CLUSTER && !info.contains("redis_mode:cluster")) {
            throw new RedisException("it is no cluster, and servers that are none do not reach one another");
        }
        if (kind == RedisAddress.Kind.SENTINEL
                && await(publisher.async().info("replication")).contains("role:slave")) {
            throw new RedisException("it is not the master any more");
        }
        return hasShardedChannels(info);
    }

    boolean sharded() {
        return sharded;
    }

    boolean isOpen() {
        return publisher.isOpen() && subscriber.isOpen();
    }

    boolean uses(Object connection) {
        return publisher.equals(connection) || subscriber.equals(connection);
    }

    /**
     * Returns when the channels are subscribed to.
     *
     * @throws RedisException when the server does not answer or refuses, or has other channels than the one before
     */
    void restore(Collection<String> channels) throws InterruptedException {
        if (serverHasShardedChannels() != sharded) {
            throw new RedisException("it is another kind of server than before");
        }
        await(subscribe(channels));
        // Its answer comes after the confirmation of the last channel.
        await(subscriber.async().ping());
    }

    RedisFuture<Void> subscribe(Collection<String> channels) {
        String[] names = channels.toArray(String[]::new);
        return sharded
                ? subscriber.async().ssubscribe(names)
                : subscriber.async().subscribe(names);
    }

    void unsubscribe(String channel) {
        var unused = sharded
                ? subscriber.async().sunsubscribe(channel)
                : subscriber.async().unsubscribe(channel);
    }

    RedisFuture<Long> publish(String channel, byte[] bytes) {
        return sharded
                ? publisher.async().spublish(channel, bytes)
                : publisher.async().publish(channel, bytes);
    }

    void ping() {
        var unused = List.of(publisher.async().ping(), subscriber.async().ping());
    }

    /**
     * Waits for an answer.
     *
     * @throws RedisException when it does not come, or is an error
     */
    private <T> T await(CompletionStage<T> answer) throws InterruptedException {
        try {
            return answer.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException failure) {
            throw new RedisException("it does not answer");
        } catch (ExecutionException | CancellationException failure) {
            throw new RedisException(failure);
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, timeout);
    }
}
