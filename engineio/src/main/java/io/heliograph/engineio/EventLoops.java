package io.heliograph.engineio;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import java.util.function.LongSupplier;

/**
 * Event loops for many sockets: epoll where there is one, else NIO.
 *
 * <p>With epoll a loop serves at most {@value #MAX_EVENTS_PER_POLL} ready connections before it runs what others have given it
 * to do. Netty's own default is 4,096 and more: when thousands of clients connect at the same moment, a broadcast to those
 * who are connected would wait for all of them, and when thousands are lost, each takes as long as some dozen deliveries.
 *
 * <p>Threading: safe from any thread.
 */
public final class EventLoops {
    private static final int MAX_EVENTS_PER_POLL = 4;

    private EventLoops() {}

    /** One for each core. */
    static int defaultCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * A new group of {@code count} loops; the caller shuts it down.
     *
     * @throws IllegalArgumentException when there is to be none
     */
    public static EventLoopGroup newGroup(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("eventLoops is " + count + ", expected at least one");
        }
        IoHandlerFactory io = Epoll.isAvailable()
                ? EpollIoHandler.newFactory(MAX_EVENTS_PER_POLL, DefaultSelectStrategyFactory.INSTANCE)
                : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(count, io);
    }

    /** The time by which the loop's own timers go. */
    static LongSupplier nanoTime(EventLoop eventLoop) {
        return eventLoop instanceof AbstractScheduledEventExecutor executor
                ? executor.ticker()::nanoTime
                : System::nanoTime;
    }

    /** The kind of server channel that goes with {@link #newGroup}. */
    public static Class<? extends ServerChannel> serverChannel() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }
}
