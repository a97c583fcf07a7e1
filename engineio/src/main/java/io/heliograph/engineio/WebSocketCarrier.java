package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket: the one handler that its channel still has, the session's carrier, and the receiver of its frames.
 *
 * <p>Frames are written right before the head of the pipeline (or the TLS handler), without a promise of their own; a
 * failed write shows as the channel's end.
 *
 * <p>Threading: owned by the session's loop, which is the channel's. Source: RFC 6455 sections 5.5 and 7.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the channel's end
final class WebSocketCarrier extends ChannelInboundHandlerAdapter implements Carrier, WebSocketDecoder.Sink {

    private static final ByteBuf PING_FRAME = shared(Message.PING);
    /** How long a peer that broke the protocol has for its close frame. */
    private static final Duration VIOLATION_TIMEOUT = Duration.ofSeconds(2);

    private final CarrierOwner session;
    private final WebSocketDecoder decoder;
    private @Nullable ChannelHandlerContext context;
    // The session, or the attempt to upgrade it to this carrier.
    private PacketReceiver receiver;
    private boolean closing;
    // Nothing that the peer sends is looked at any more.
    private boolean inputEnded;
    // What came before the session was ready for it; null from then on.
    private @Nullable Queue<ByteBuf> early = new ArrayDeque<>(0);

    WebSocketCarrier(CarrierOwner session, int maxPayload) {
        this.session = session;
        this.receiver = session;
        this.decoder = new WebSocketDecoder(maxPayload);
    }

    /** The session is ready for what the peer sends. */
    void begin() {
        Queue<ByteBuf> held = early;
        early = null;
        if (held != null) {
            held.forEach(this::receive);
        }
    }

    void receiver(PacketReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public Transport transport() {
        return Transport.WEBSOCKET;
    }

    @Override
    public long queuedBytes() {
        ChannelOutboundBuffer outbound = context().channel().unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }

    @Override
    public boolean writable() {
        return context().channel().isWritable();
    }

    @Override
    public void send(Batch batch) {
        ChannelHandlerContext channel = context();
        if (channel.channel().isActive()) {
            ByteBuf[] segments = batch.segments(session.loop().joiner());
            int last = segments.length - 1;
            for (int i = 0; i < last; i++) {
                channel.write(segments[i].retainedDuplicate(), channel.voidPromise());
            }
            channel.writeAndFlush(segments[last].retainedDuplicate(), channel.voidPromise());
        }
    }

    @Override
    public void send(Message packet) {
        if (packet == Message.PING) {
            write(PING_FRAME.duplicate());
            return;
        }
        ByteBuf frame = context().alloc().directBuffer(packet.frameBytes());
        packet.writeFrame(frame);
        write(frame);
    }

    @Override
    public void whenDrained(Runnable task) {
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> task.run());
    }

    @Override
    public void reading(boolean reading) {
        context().channel().config().setAutoRead(reading);
    }

    @Override
    public void close(CloseReason reason) {
        if (reason == CloseReason.SLOW_CONSUMER || reason == CloseReason.PING_TIMEOUT) {
            session.forget();
            context().close();
        } else {
            boolean violated = reason == CloseReason.PARSE_ERROR || reason == CloseReason.TRANSPORT_ERROR;
            Duration timeout = violated ? shorter(session.closeTimeout()) : session.closeTimeout();
            close(WebSocketFrames.NO_CODE, "", timeout, session::forget);
        }
    }

    void close(int code, String reason) {
        close(code, reason, session.closeTimeout(), () -> {});
    }

    void close(int code, String reason, Runnable sent) {
        close(code, reason, session.closeTimeout(), sent);
    }

    /**
     * Sends a close frame and gives the peer a while to answer it; nothing when it is gone. Source: RFC 6455 section 7.1.2.
     *
     * @param timeout after it the connection is cut
     * @param sent runs when the kernel has the frame, or when it cannot be sent
     */
    private void close(int code, String reason, Duration timeout, Runnable sent) {
        if (closing || !context().channel().isActive()) {
            closing = true;
            sent.run();
            return;
        }
        closing = true;
        context().writeAndFlush(WebSocketFrames.close(code, reason)).addListener(done -> sent.run());
        reading(true);
        cutAfter(timeout);
    }

    private void cutAfter(Duration timeout) {
        SessionLoop.Timeout cut = session.loop().schedule(timeout, context()::close);
        context().channel().closeFuture().addListener(closed -> cut.cancel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
        } else if (early != null) {
            early.add(bytes);
        } else {
            receive(bytes);
        }
    }

    /** What comes behind the end is read and dropped: unread bytes would make the kernel reset the connection. */
    private void receive(ByteBuf bytes) {
        if (inputEnded) {
            bytes.release();
            return;
        }
        try {
            WebSocketDecoder.Violation violation = decoder.decode(bytes, this);
            if (violation != null) {
                fail(violation);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        Queue<ByteBuf> held = early;
        early = null;
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone(CloseReason.TRANSPORT_CLOSE);
    }

    /** The peer has ended its stream, and may still read. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            session.afterReplies(this::inputShutDown);
        }
    }

    private void inputShutDown() {
        if (!closing) {
            closing = true;
            gone(CloseReason.TRANSPORT_CLOSE);
        }
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        cutAfter(shorter(session.closeTimeout()));
    }

    /** A failed write or a reset connection: {@link #channelInactive} follows. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public boolean text(byte[] payload) {
        return receive(Packet.decode(payload, 0, payload.length));
    }

    @Override
    public boolean binary(byte[] payload) {
        return receive(new Packet.Binary(payload));
    }

    /** A peer that pings and does not read its pongs is not answered any further. */
    @Override
    public boolean ping(byte[] payload) {
        if (!closing && writable()) {
            write(WebSocketFrames.control(WebSocketFrames.PONG, payload));
        }
        return true;
    }

    @Override
    public boolean pong() {
        return true;
    }

    /** Echoes the close frame, or completes our own. */
    @Override
    public boolean close(int code) {
        endInput(() -> {
            closing = true;
            context().writeAndFlush(WebSocketFrames.close(code, "")).addListener(ChannelFutureListener.CLOSE);
            gone(CloseReason.TRANSPORT_CLOSE);
        });
        return false;
    }

    private boolean receive(Packet packet) {
        if (!closing) {
            receiver.receive(packet);
        }
        return true;
    }

    private void fail(WebSocketDecoder.Violation violation) {
        endInput(() -> {
            close(violation.closeCode(), violation.reason(), shorter(session.closeTimeout()), () -> {});
            gone(CloseReason.TRANSPORT_ERROR);
        });
    }

    /**
     * Reads no more frames. {@code end} runs behind the replies to the messages that came before; when our close frame has
     * been sent already, the connection ends instead.
     */
    private void endInput(Runnable end) {
        inputEnded = true;
        if (closing) {
            context().close();
            return;
        }
        session.afterReplies(() -> {
            if (closing) {
                context().close();
            } else {
                end.run();
            }
        });
    }

    private static Duration shorter(Duration closeTimeout) {
        return closeTimeout.compareTo(VIOLATION_TIMEOUT) < 0 ? closeTimeout : VIOLATION_TIMEOUT;
    }

    private void gone(CloseReason reason) {
        receiver.carrierGone(this, reason);
    }

    private void write(ByteBuf frame) {
        context().writeAndFlush(frame, context().voidPromise());
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext added = context;
        if (added == null) {
            throw new IllegalStateException("the handler is not in a pipeline yet");
        }
        return added;
    }

    private static ByteBuf shared(Message message) {
        ByteBuf frame = Unpooled.directBuffer(message.frameBytes());
        message.writeFrame(frame);
        return Unpooled.unreleasableBuffer(frame);
    }
}
