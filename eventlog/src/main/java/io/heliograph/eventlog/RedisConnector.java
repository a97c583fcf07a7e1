package io.heliograph.eventlog;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What the connections of one bus have in common: options of the Redis client, and its threads.
 *
 * <p>Lettuce reconnects what was connected once, and subscribes again to its channels. A server that sends nothing for the
 * timeout, although it is pinged more often, is disconnected, which covers one that hangs and a half-open connection.
 * Commands are never sent twice: what was under way when a connection was lost has failed.
 *
 * <p>Safe from any thread.
 */
final class RedisConnector implements AutoCloseable {
    private final Duration timeout;
    private final Delay retryDelay;
    private final ClientResources resources;
    private final RedisAddress.Kind kind;
    private final List<RedisURI> servers;
    private final ClientOptions options;
    private volatile boolean silent;
    /** Only the connection's thread touches it. */
    private int nextServer;

    RedisConnector(RedisAddress address, RedisBusSettings settings) {
        timeout = settings.timeout();
        retryDelay = new RetryDelay(settings.longestRetry().toMillis());
        resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .reconnectDelay(retryDelay)
                .nettyCustomizer(new SilenceDetection())
                .build();
        kind = address.kind();
        servers = servers(address, timeout);
        options = ClientOptions.builder()
                .sslOptions(ssl(settings))
                .autoReconnect(true)
                // Also fails what is under way when a connection is lost, instead of sending it again later.
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                // Bytes count as unanswered until Redis has answered or the connection is lost.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
                .build();
    }

    private static SslOptions ssl(RedisBusSettings settings) {
        SslOptions.Builder ssl = SslOptions.builder().handshakeTimeout(settings.timeout());
        settings.certificates().ifPresent(file -> ssl.trustManager(file.toFile()));
        return ssl.build();
    }

    private static List<RedisURI> servers(RedisAddress address, Duration timeout) {
        List<RedisURI> servers = address.servers();
        for (RedisURI server : servers) {
            server.setClientName("heliograph");
            server.setTimeout(timeout);
            for (RedisURI sentinel : server.getSentinels()) {
                sentinel.setTimeout(timeout);
                sentinel.applySsl(server);
            }
        }
        return servers;
    }

    /** A client that reconnects what it has connected, until it is shut down. The servers of a cluster take turns. */
    RedisClient newClient() {
        RedisClient client = RedisClient.create(resources, servers.get(nextServer++ % servers.size()));
        client.setOptions(options);
        return client;
    }

    /** What the address says of the servers. */
    RedisAddress.Kind kind() {
        return kind;
    }

    Duration timeout() {
        return timeout;
    }

    /** Runs a short task at an interval on a thread of the client until this is closed. */
    void every(Duration interval, Runnable task) {
        var unused = resources
                .eventExecutorGroup()
                .scheduleAtFixedRate(task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The pause after so many failed attempts, counted from 1. */
    Duration retryDelay(int attempts) {
        return retryDelay.createDelay(attempts);
    }

    /** Why a connection was lost since the last call, for a log line. */
    String takeLossReason() {
        boolean noAnswer = silent;
        silent = false;
        return noAnswer ? "it does not answer" : "the connection was closed";
    }

    @Override
    public void close() {
        var unused = resources.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Twice as long after each failure; never quite as long as other nodes, which lost the same Redis. The jittered delays
     * of Lettuce overflow after some 60 attempts, and then do not wait.
     */
    static final class RetryDelay extends Delay {
        private static final long FIRST_MILLIS = 50;
        private static final int MAX_DOUBLINGS = 10;

        private final long longestMillis;

        RetryDelay(long longestMillis) {
            this.longestMillis = longestMillis;
        }

        @Override
        public Duration createDelay(long attempt) {
            long millis = Math.min(longestMillis, FIRST_MILLIS << Math.clamp(attempt - 1, 0, MAX_DOUBLINGS));
            return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        }
    }

    private final class SilenceDetection implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new ReadTimeoutHandler(timeout.toNanos(), TimeUnit.NANOSECONDS) {
                @Override
                protected void readTimedOut(ChannelHandlerContext context) {
                    silent = true;
                    var unused = context.close();
                }
            });
        }
    }
}
