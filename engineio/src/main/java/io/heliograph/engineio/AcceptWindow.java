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
 * {@code patience}. When {@code most} count, no more are accepted until half of them do not any longer; the others wait in
 * the kernel's backlog, where they cost nothing. Without this, thousands of clients who come back at the same moment all
 * stand in the loops' lines, in front of the requests of those who never went away.
 *
 * <p>Where handshakes wait in a {@link HandshakeLine} anyway, there is no hurry: accepting then rests three times as long as
 * it took, and leaves that time to what others want, however fast the machine is and whatever else it does.
 *
 * <p>Threading: owned by the server channel's loop; {@link #counting} is shared with the loops of the connections.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a loop that is gone accepts no more
public final class AcceptWindow extends ChannelInboundHandlerAdapter {
    private static final int MOST_PER_LOOP = 16;
    private static final int REST_PER_WORK = 3;
    private static final Duration PATIENCE = Duration.ofMillis(50);
    /** What took longer than this had to wait for something else, which a longer rest would not help. */
    private static final Duration LONGEST_REST = Duration.ofMillis(20);

    private final EngineIoServer server;
    private final int most;
    private final Duration patience;
    private final AtomicInteger counting = new AtomicInteger();
    /** When the first of those was accepted that are being dealt with; belongs to the server channel's loop. */
    private long begunNanos;

    /**
     * For a port whose connections live on {@code eventLoops} loops, at least one. Each server channel has its own.
     *
     * @param server whose {@link HandshakeLine} they wait in
     */
    public AcceptWindow(EngineIoServer server, int eventLoops) {
        this(server, MOST_PER_LOOP * eventLoops, PATIENCE);
    }

    AcceptWindow(EngineIoServer server, int most, Duration patience) {
        this.server = server;
        this.most = most;
        this.patience = patience;
    }

    /** How many have been accepted and not yet been dealt with. */
    int counting() {
        return counting.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel port = context.channel();
        Arrival arrival = new Arrival(port);
        int now = counting.incrementAndGet();
        if (now == 1) {
            begunNanos = nanoTime(port);
        }
        if (now >= most) {
            port.config().setAutoRead(false);
        }
        Channel connection = (Channel) message;
        if (server.hasLine()) {
            WaitingHandshake waiting = new WaitingHandshake(server);
            connection.pipeline().addFirst(arrival, waiting);
            afterPatience(port, () -> {
                if (arrival.end()) {
                    tellSentNothing(port, connection, waiting);
                }
            });
        } else {
            connection.pipeline().addFirst(arrival);
            afterPatience(port, arrival::end);
        }
        context.fireChannelRead(message);
    }

    /** A connection that its loop has not registered yet is told later: untold, it would have no handlers for ever. */
    private void tellSentNothing(Channel port, Channel connection, WaitingHandshake waiting) {
        if (connection.isRegistered()) {
            connection.eventLoop().execute(waiting::sentNothing);
        } else if (connection.isOpen()) {
            afterPatience(port, () -> tellSentNothing(port, connection, waiting));
        }
    }

    private void afterPatience(Channel port, Runnable task) {
        port.eventLoop().schedule(task, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One connection that counts. */
    private final class Arrival extends ChannelInboundHandlerAdapter {
        private final Channel port;
        private final AtomicBoolean ended = new AtomicBoolean();

        Arrival(Channel port) {
            this.port = port;
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

        /** Whether it counted until now. */
        boolean end() {
            boolean counted = ended.compareAndSet(false, true);
            if (counted && counting.decrementAndGet() == most / 2) {
                EventLoop loop = port.eventLoop();
                if (loop.inEventLoop()) {
                    rest();
                } else {
                    loop.execute(this::rest);
                }
            }
            return counted;
        }

        private void rest() {
            if (port.config().isAutoRead()) {
                return;
            }
            if (!server.hasLine()) {
                goOn();
                return;
            }
            long rest = REST_PER_WORK * (nanoTime(port) - begunNanos);
            port.eventLoop().schedule(this::goOn, Math.min(rest, LONGEST_REST.toNanos()), TimeUnit.NANOSECONDS);
        }

        private void goOn() {
            if (counting.get() <= most / 2) {
                begunNanos = nanoTime(port);
                port.config().setAutoRead(true);
            }
        }
    }

    private static long nanoTime(Channel channel) {
        return EventLoops.nanoTime(channel.eventLoop()).getAsLong();
    }
}
