package io.heliograph.server.http;

import io.heliograph.server.web.ClientAddresses;
import io.heliograph.server.web.LogThrottle;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections beyond the limits as soon as they are accepted, before their pipeline is set up. A connection
 * counts until it is closed, also as a WebSocket. A few connections from this machine are accepted beyond the total
 * limit, so that health checks continue.
 *
 * <p>Stands first in the pipeline of the listening channel. Safe from any thread.
 */
@ChannelHandler.Sharable
@SuppressWarnings("FutureReturnValueIgnored") // the future of a channel's end is only listened to
final class ConnectionLimiter extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimiter.class);
    /** Beyond the total limit, from loopback only. */
    private static final int RESERVE = 32;

    private static final int NETWORK_BYTES = 8;

    private final int max;
    private final int maxPerAddress;
    private final ClientAddresses addresses;
    private final Counter beyondAll;
    private final Counter beyondAddress;
    private final LogThrottle throttle = new LogThrottle();
    private final AtomicInteger open = new AtomicInteger();
    /** Connections by address; an entry is removed with its last connection. */
    private final ConcurrentHashMap<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();

    ConnectionLimiter(int max, int maxPerAddress, ClientAddresses addresses, MeterRegistry registry) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
        this.addresses = addresses;
        beyondAll =
                registry.counter("heliograph.http.connections.rejected", "setting", "heliograph.http.max-connections");
        beyondAddress = registry.counter(
                "heliograph.http.connections.rejected", "setting", "heliograph.http.max-connections-per-address");
        registry.gauge("heliograph.http.connections", open);
        registry.gauge("heliograph.http.connections.max", this, limiter -> limiter.max);
    }

    int open() {
        return open.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel connection = (Channel) message;
        InetAddress peer = connection.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
        if (open.incrementAndGet() > max + (peer != null && peer.isLoopbackAddress() ? RESERVE : 0)) {
            open.decrementAndGet();
            reject(connection, beyondAll, "heliograph.http.max-connections", max);
            return;
        }
        InetAddress counted = peer == null || addresses.isExempt(peer) ? null : network(peer);
        if (counted != null && openByAddress.merge(counted, 1, Integer::sum) > maxPerAddress) {
            release(counted);
            reject(connection, beyondAddress, "heliograph.http.max-connections-per-address", maxPerAddress);
            return;
        }
        connection.closeFuture().addListener(_ -> release(counted));
        context.fireChannelRead(message);
    }

    private void release(@Nullable InetAddress counted) {
        open.decrementAndGet();
        if (counted != null) {
            openByAddress.computeIfPresent(counted, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private void reject(Channel connection, Counter counter, String setting, int bound) {
        counter.increment();
        throttle.permit()
                .ifPresent(others -> LOG.warn(
                        "closed a connection from {}: {} allows {} ({} more since the last such line)",
                        connection.remoteAddress(),
                        setting,
                        bound,
                        others));
        connection.unsafe().closeForcibly();
    }

    /** One customer usually has all addresses of an IPv6 network of 64 bits. */
    private static InetAddress network(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length <= NETWORK_BYTES) {
            return address;
        }
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
