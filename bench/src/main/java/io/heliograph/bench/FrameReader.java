package io.heliograph.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The common part of the bench's Socket.IO clients: the handshake, pongs, and splitting the input into messages.
 *
 * <p>Frames are read in place in the receive buffer; only an incomplete frame at the end of a read is copied.
 * <p>Threading: owned by the event loop of its channel. <p>Source: RFC 6455 section 5, engine.io-protocol v4,
 * socket.io-protocol v5.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a lost connection
abstract class FrameReader extends ChannelInboundHandlerAdapter {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int OPCODE_TEXT = 0x81;
    private static final int OPCODE_CLOSE = 0x88;
    private static final int LENGTH_16 = 126;

    private final int port;

    // Owned by the loop.
    private State state = State.UPGRADING;
    private @Nullable Channel channel;
    private @Nullable ByteBuf partial;

    private enum State {
        UPGRADING,
        OPENING,
        CONNECTED,
        CLOSED
    }

    FrameReader(int port) {
        this.port = port;
    }

    /** The CONNECT packet, {@code 40} and its payload. */
    abstract String connectPacket();

    /** The client is in its namespace; the answer lies at {@code body}, with its {@code 40}. */
    abstract void connected(ByteBuf buffer, int body, int length);

    /** An event lies at {@code body}, with its {@code 42}. */
    abstract void event(ByteBuf buffer, int body, int length, long nowNanos);

    /** The connection ended, or its input was invalid; called once, and not after {@link #close}. */
    abstract void lost(Throwable cause);

    /** The open connection. */
    Channel channel() {
        if (channel == null || state != State.CONNECTED) {
            throw new PeerFaultException("a publisher lost its connection");
        }
        return channel;
    }

    void close() {
        state = State.CLOSED;
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        context.writeAndFlush(ClientFrames.handshake(context.alloc(), port), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = joined((ByteBuf) message);
        try {
            if (state == State.UPGRADING && !upgraded(buffer)) {
                return;
            }
            readFrames(context, buffer, System.nanoTime());
        } finally {
            keepRest(context, buffer);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (partial != null) {
            partial.release();
            partial = null;
        }
        if (state != State.CLOSED) {
            state = State.CLOSED;
            lost(new PeerFaultException("the server closed a connection"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            lost(cause);
        }
        context.close();
    }

    private ByteBuf joined(ByteBuf received) {
        if (partial == null) {
            return received;
        }
        ByteBuf joined = partial.writeBytes(received);
        received.release();
        partial = null;
        return joined;
    }

    private void keepRest(ChannelHandlerContext context, ByteBuf buffer) {
        if (buffer.isReadable() && state != State.CLOSED) {
            partial = context.alloc()
                    .directBuffer(Math.max(1024, 2 * buffer.readableBytes()))
                    .writeBytes(buffer);
        }
        buffer.release();
    }

    private boolean upgraded(ByteBuf buffer) {
        String head = buffer.toString(StandardCharsets.US_ASCII);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new PeerFaultException(
                    "the handshake was refused: " + head.lines().findFirst().orElse(""));
        }
        buffer.skipBytes(end + END_OF_HEAD.length);
        state = State.OPENING;
        return true;
    }

    private void readFrames(ChannelHandlerContext context, ByteBuf buffer, long nowNanos) {
        int at = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (end - at >= 2) {
            int body = at + 2;
            int length = buffer.getByte(at + 1);
            if (length == LENGTH_16) {
                body += 2;
                if (end < body) {
                    break;
                }
                length = buffer.getUnsignedShort(at + 2);
            } else if (length < 0 || length > LENGTH_16) {
                throw new PeerFaultException("a frame is masked or longer than 65,535 bytes");
            }
            if (end - body < length) {
                break;
            }
            readFrame(context, buffer, buffer.getUnsignedByte(at), body, length, nowNanos);
            at = body + length;
        }
        buffer.readerIndex(at);
    }

    private void readFrame(
            ChannelHandlerContext context, ByteBuf buffer, int opcode, int body, int length, long nowNanos) {
        if (opcode == OPCODE_CLOSE) {
            throw new PeerFaultException("the server sent a close frame");
        }
        if (opcode != OPCODE_TEXT || length == 0) {
            throw new PeerFaultException("an unexpected frame starts with byte " + Integer.toHexString(opcode));
        }
        switch (buffer.getByte(body)) {
            case '4' -> readMessage(buffer, body, length, nowNanos);
            case '0' ->
                context.writeAndFlush(ClientFrames.text(context.alloc(), connectPacket()), context.voidPromise());
            case '2' -> context.writeAndFlush(ClientFrames.text(context.alloc(), "3"), context.voidPromise());
            case '6' -> {}
            default -> throw new PeerFaultException("an unexpected packet: " + excerpt(buffer, body, length));
        }
    }

    private void readMessage(ByteBuf buffer, int body, int length, long nowNanos) {
        byte type = length < 2 ? 0 : buffer.getByte(body + 1);
        if (type == '2') {
            event(buffer, body, length, nowNanos);
        } else if (type == '0') {
            if (state == State.OPENING) {
                state = State.CONNECTED;
                connected(buffer, body, length);
            }
        } else {
            throw new PeerFaultException("an unexpected message: " + excerpt(buffer, body, length));
        }
    }

    static String excerpt(ByteBuf buffer, int body, int length) {
        return new String(ByteBufUtil.getBytes(buffer, body, Math.min(80, length)), StandardCharsets.UTF_8);
    }
}
