package io.heliograph.engineio;

import io.heliograph.engineio.HandshakeGate.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Stands first in the pipeline of a connection that has just been accepted. When that begins with a handshake, its bytes
 * wait here until it is their turn in the server's {@link HandshakeLine}: thousands that wait cost a small buffer each, and
 * no work before their turn. Everything else passes at once.
 *
 * <p>What it cannot tell from its first bytes (encrypted, in pieces, behind a proxy's preamble) passes too; such a handshake
 * waits when it has been decoded.
 *
 * <p>Bound: one read, since the connection is not read meanwhile.
 *
 * <p>Threading: owned by the connection's loop.
 */
final class WaitingHandshake extends ChannelInboundHandlerAdapter {
    private static final String METHOD = "GET ";
    private static final int LONGEST_REQUEST_LINE = 2048;

    private final EngineIoServer server;
    // Not null while it waits.
    private @Nullable List<Object> held;
    private boolean readAutomatically;

    /** Goes ahead of the bytes: the first request of this connection has this place in the line. */
    record Turn(CompletionStage<Verdict> verdict) {}

    WaitingHandshake(EngineIoServer server) {
        this.server = server;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (held != null) {
            held.add(message);
        } else if (message instanceof ByteBuf bytes && isHandshake(bytes)) {
            begin(context, bytes);
        } else {
            context.pipeline().remove(this);
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (held == null) {
            context.fireChannelReadComplete();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        takeHeld().forEach(ReferenceCountUtil::release);
    }

    private void begin(ChannelHandlerContext context, ByteBuf bytes) {
        CompletionStage<Verdict> verdict = server.line().enter();
        context.fireUserEventTriggered(new Turn(verdict));
        if (verdict.toCompletableFuture().isDone()) {
            context.pipeline().remove(this);
            context.fireChannelRead(bytes);
            return;
        }
        List<Object> waiting = new ArrayList<>(1);
        waiting.add(exactly(context, bytes));
        held = waiting;
        readAutomatically = context.channel().config().isAutoRead();
        context.channel().config().setAutoRead(false);
        verdict.whenComplete((yes, failure) -> onLoop(context));
    }

    private void onLoop(ChannelHandlerContext context) {
        try {
            context.executor().execute(() -> goOn(context));
        } catch (RejectedExecutionException e) {
            // The loop was shut down and its connections with it.
        }
    }

    /** Is out of the pipeline before the request is handled: whoever upgrades wants to find himself alone there. */
    private void goOn(ChannelHandlerContext context) {
        if (context.isRemoved()) {
            return;
        }
        List<Object> messages = takeHeld();
        context.pipeline().remove(this);
        messages.forEach(context::fireChannelRead);
        context.fireChannelReadComplete();
        if (readAutomatically) {
            context.channel().config().setAutoRead(true);
        }
    }

    private List<Object> takeHeld() {
        List<Object> taken = held == null ? List.of() : held;
        held = null;
        return taken;
    }

    /** A buffer for reading is several times as large as what a handshake needs. */
    private static ByteBuf exactly(ChannelHandlerContext context, ByteBuf bytes) {
        int length = bytes.readableBytes();
        ByteBuf copy = context.alloc().buffer(length, length).writeBytes(bytes);
        bytes.release();
        return copy;
    }

    /** A GET under the server's path that names a transport and no session. */
    private boolean isHandshake(ByteBuf bytes) {
        String start = METHOD + server.settings().path();
        if (!startsWith(bytes, start)) {
            return false;
        }
        int from = bytes.readerIndex() + start.length();
        int most = Math.min(bytes.writerIndex() - from, LONGEST_REQUEST_LINE);
        int length = bytes.bytesBefore(from, most, (byte) ' ');
        if (length < 0) {
            return false;
        }
        String query = bytes.toString(from, length, StandardCharsets.ISO_8859_1);
        return query.contains("transport=") && !query.contains("?sid=") && !query.contains("&sid=");
    }

    private static boolean startsWith(ByteBuf bytes, String text) {
        if (bytes.readableBytes() < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
