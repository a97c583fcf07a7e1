package io.heliograph.server.http;

import io.heliograph.eventlog.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose peer is too slow: with a request's head, with its body, with reading the response, or with
 * the next request. No timeout applies while the server works on a request, so long polls and streams are not affected;
 * event streams have their own timeout for slow readers. The handler is removed when a connection becomes a WebSocket.
 *
 * <p>A body or a response may take its timeout plus the time that its bytes need at the minimum rate, so a peer that
 * sends or reads single bytes does not keep a connection open.
 *
 * <p>Stands right behind the HTTP codec. Owned by the channel's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed close shows as the channel's end
final class RequestTimeouts extends ChannelDuplexHandler {

    /** The phase that timed out. */
    enum Phase {
        HEADER,
        BODY,
        WRITE,
        IDLE
    }

    private static final String EVENT_STREAM = "text/event-stream";

    private final HttpSettings settings;
    private final Ticker clock;
    private final Consumer<Phase> expired;
    private @Nullable Future<?> timer;
    private long timerNanos;
    /** Requests whose responses have not been written. */
    private int unanswered;
    // The head: whether it has begun, and when it or the idle time before it began.
    private boolean headBegun = true;
    private boolean decoded;
    private long headSinceNanos;
    // The body: the time does not count while the server does not read.
    private boolean receiving;
    private boolean readRequested;
    private long bodySinceNanos;
    private long pausedNanos;
    private long bodyBytes;
    // The response: since when bytes wait for the reader, and how many it had read by then.
    private boolean streaming;
    private boolean stalled;
    private long stalledSinceNanos;
    private long writtenBytes;
    private long takenBytes;

    RequestTimeouts(HttpSettings settings, Ticker clock, Consumer<Phase> expired) {
        this.settings = settings;
        this.clock = clock;
        this.expired = expired;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            begin(context);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin(context);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        decoded = true;
        if (message instanceof HttpRequest) {
            unanswered++;
            headBegun = false;
            receiving = true;
            bodySinceNanos = clock.nanoTime();
            pausedNanos = bodySinceNanos;
            bodyBytes = 0;
        }
        if (message instanceof HttpContent content) {
            bodyBytes += content.content().readableBytes();
            if (message instanceof LastHttpContent) {
                receiving = false;
                headSinceNanos = clock.nanoTime();
            }
        }
        context.fireChannelRead(message);
        arm(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (readRequested) {
            readRequested = false;
            pausedNanos = clock.nanoTime();
        }
        if (!decoded && !receiving && unanswered == 0 && !headBegun) {
            headBegun = true;
            headSinceNanos = clock.nanoTime();
        }
        decoded = false;
        context.fireChannelReadComplete();
        arm(context);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (!readRequested) {
            readRequested = true;
            bodySinceNanos += clock.nanoTime() - pausedNanos;
        }
        context.read();
        arm(context);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = false;
        if (message instanceof HttpResponse response) {
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                context.write(message, promise);
                context.pipeline().remove(this);
                return;
            }
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            streaming = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "").startsWith(EVENT_STREAM);
        }
        if (message instanceof HttpContent content) {
            writtenBytes += content.content().readableBytes();
        } else if (message instanceof ByteBuf bytes) {
            writtenBytes += bytes.readableBytes();
        }
        boolean last = message instanceof LastHttpContent && !interim;
        context.write(message, promise);
        if (last && unanswered > 0) {
            unanswered--;
            headSinceNanos = clock.nanoTime();
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (!stalled && pendingBytes(context) > 0) {
            stalled = true;
            stalledSinceNanos = clock.nanoTime();
            takenBytes = taken(context);
        }
        arm(context);
    }

    private void begin(ChannelHandlerContext context) {
        headSinceNanos = clock.nanoTime();
        arm(context);
    }

    private void stop() {
        Future<?> armed = timer;
        timer = null;
        if (armed != null) {
            armed.cancel(false);
        }
    }

    /** The next deadline; {@code null} when there is none. */
    private @Nullable Deadline deadline(ChannelHandlerContext context) {
        Deadline due = null;
        if (receiving
                && (unanswered == 0
                        || readRequested
                        || context.channel().config().isAutoRead())) {
            due = new Deadline(
                    Phase.BODY, bodySinceNanos + settings.bodyTimeout().toNanos() + atMinRate(bodyBytes));
        } else if (!receiving && unanswered == 0) {
            due = headBegun
                    ? new Deadline(
                            Phase.HEADER,
                            headSinceNanos + settings.headerTimeout().toNanos())
                    : new Deadline(
                            Phase.IDLE, headSinceNanos + settings.idleTimeout().toNanos());
        }
        if (stalled && pendingBytes(context) == 0) {
            stalled = false;
        }
        if (stalled && !streaming) {
            long taken = Math.max(0, taken(context) - takenBytes);
            Deadline write = new Deadline(
                    Phase.WRITE, stalledSinceNanos + settings.writeTimeout().toNanos() + atMinRate(taken));
            due = due == null || write.nanos - due.nanos < 0 ? write : due;
        }
        return due;
    }

    private record Deadline(Phase phase, long nanos) {}

    /** Schedules the timer for the next deadline at the latest; a timer that fires earlier checks again. */
    private void arm(ChannelHandlerContext context) {
        if (context.isRemoved() || !context.channel().isActive()) {
            return;
        }
        Deadline due = deadline(context);
        if (due != null && (timer == null || due.nanos - timerNanos < 0)) {
            stop();
            timerNanos = due.nanos;
            timer = context.channel()
                    .eventLoop()
                    .schedule(() -> look(context), Math.max(0, due.nanos - clock.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    /** A channel that has moved to another loop has become a WebSocket, or is about to. */
    private void look(ChannelHandlerContext context) {
        if (context.isRemoved() || !context.channel().eventLoop().inEventLoop()) {
            return;
        }
        timer = null;
        Deadline due = deadline(context);
        if (due != null && due.nanos - clock.nanoTime() <= 0) {
            expired.accept(due.phase);
            context.close();
        } else {
            arm(context);
        }
    }

    private long atMinRate(long bytes) {
        return (long) (bytes
                * (double) TimeUnit.SECONDS.toNanos(1)
                / settings.minRate().toBytes());
    }

    /** The bytes read so far, without Netty's overhead for its objects. */
    private long taken(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        return buffer == null
                ? writtenBytes
                : writtenBytes - buffer.totalPendingWriteBytes() + buffer.currentProgress();
    }

    private static long pendingBytes(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
