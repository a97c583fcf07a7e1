package io.heliograph.engineio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepts connections only as fast as what they bring is dealt with; for the pipeline of a server channel.
 *
 * <p>A connection counts from its acceptance until the first that it sent was handled, or until it has sent nothing for
 * {@code patience}. When {@code most} count, no more are accepted until half of them do not any longer, and other threads
 * have had the core: the rest waits in the kernel's backlog, where it costs nothing. Without this, thousands of clients
 * who come back at the same moment all stand in the loops' lines, in front of the requests of those who never went away.
 *
 * <p>Threading: owned by the server channel's loop; {@link #counting} is shared with the loops of the connections.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a loop that is gone accepts no more
public final class AcceptWindow extends ChannelInboundHandlerAdapter {
    private static final int MOST_PER_LOOP = 16;
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final int most;
    private final Duration patience;
    private final AtomicInteger counting = new AtomicInteger();

    /** For a server whose connections live on {@code eventLoops} loops, at least one. Each server channel has its own. */
    public AcceptWindow(int eventLoops) {
        this(MOST_PER_LOOP * eventLoops, PATIENCE);
    }

    AcceptWindow(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /** How many have been accepted and not yet been dealt with. */
    int counting() {
        return counting.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel server = context.channel();
        Arrival arrival = new Arrival(server);
        if (counting.incrementAndGet() >= most) {
            server.config().setAutoRead(false);
        }
        ((Channel) message).pipeline().addFirst(arrival);
        server.eventLoop().schedule(arrival::end, patience.toNanos(), TimeUnit.NANOSECONDS);
        context.fireChannelRead(message);
    }

    /** One connection that counts. */
    private final class Arrival extends ChannelInboundHandlerAdapter {
        private final Channel server;
        private final AtomicBoolean ended = new AtomicBoolean();

        Arrival(Channel server) {
            this.server = server;
        }

        /** Is out of the pipeline before the request is handled: whoever upgrades wants to find himself alone there. */
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.pipeline().remove(this);
            context.fireChannelRead(message);
            end();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end();
            context.fireChannelInactive();
        }

        void end() {
            if (ended.compareAndSet(false, true) && counting.decrementAndGet() == most / 2) {
                EventLoops.giveWay();
                EventLoop loop = server.eventLoop();
                if (loop.inEventLoop()) {
                    goOn();
                } else {
                    loop.execute(this::goOn);
                }
            }
        }

        private void goOn() {
            if (counting.get() <= most / 2) {
                server.config().setAutoRead(true);
            }
        }
    }
}
