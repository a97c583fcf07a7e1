package io.heliograph.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps the WebSocket frames that a peer sends before it has the 101.
 *
 * <p>A request for a WebSocket is the last one of its connection, also when it is refused: what follows are frames, which
 * the HTTP decoder must not see. The decoder leaves the pipeline before its next look at the bytes that it has, and passes
 * them on; the encoder stays for the answer.
 *
 * <p>Threading: owned by the channel's loop.
 */
final class EarlyFrames {
    /** Bytes from which on reading pauses. */
    private static final int MAX_BYTES = 64 * 1024;

    private final Queue<ByteBuf> frames = new ArrayDeque<>(0);
    private int bytes;
    private boolean open;

    /** Takes the HTTP decoder out: from now on frames come. */
    void begin(ChannelHandlerContext context) {
        HttpServerCodec codec = context.pipeline().get(HttpServerCodec.class);
        if (codec != null) {
            open = true;
            context.pipeline().replace(codec, context.pipeline().context(codec).name(), new HttpResponseEncoder());
        }
    }

    /** Whether what comes now are frames. */
    boolean open() {
        return open;
    }

    void add(ChannelHandlerContext context, ByteBuf piece) {
        frames.add(piece);
        bytes += piece.readableBytes();
        if (full()) {
            context.channel().config().setAutoRead(false);
        }
    }

    boolean full() {
        return bytes > MAX_BYTES;
    }

    /** Gives them to the handler behind {@code context}. */
    void forward(ChannelHandlerContext context) {
        while (!frames.isEmpty()) {
            context.fireChannelRead(frames.remove());
        }
    }

    void release() {
        while (!frames.isEmpty()) {
            frames.remove().release();
        }
    }
}
