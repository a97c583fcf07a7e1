package io.heliograph.engineio;

import io.heliograph.engineio.HandshakeGate.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Stands first in the pipeline of a connection that has just been accepted. When that begins with a handshake, its bytes
 * wait here until it is their turn in the server's {@link HandshakeLine}. Everything else passes at once.
 *
 * <p>Whatever else the connection is to be handled with is taken out before it is set up, and put back when there is
 * something for it: thousands that wait cost a bare channel and a small buffer each, and no work before their turn.
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
    private @Nullable ChannelHandlerContext context;
    // Those that stood behind this one; empty from when they are back.
    private List<ChannelHandler> behind = List.of();
    // Not null while it waits.
    private @Nullable List<Object> held;
    // Null when it has none, or those behind know of it.
    private @Nullable CompletionStage<Verdict> place;
    private boolean readAutomatically;

    /**
     * Goes ahead of the bytes: the first request of this connection has this place in the line. Comes as soon as there is
     * somebody behind for it, who is not to take a connection that waits for an idle one.
     */
    record Turn(CompletionStage<Verdict> verdict) {}

    WaitingHandshake(EngineIoServer server) {
        this.server = server;
    }

    /**
     * Is called when the channel is registered, ahead of those behind: they are not in use yet. Only what sets up others can
     * be taken out and put back; that is what servers have there.
     */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        ChannelPipeline pipeline = context.pipeline();
        List<String> names = pipeline.names();
        // The last name is that of the tail.
        List<ChannelHandler> others = names.subList(names.indexOf(context.name()) + 1, names.size() - 1).stream()
                .map(pipeline::get)
                .toList();
        if (others.stream().allMatch(ChannelInitializer.class::isInstance)) {
            others.forEach(pipeline::remove);
            behind = others;
        }
    }

    /** Where reading is manual, those behind would ask for the first bytes. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        if (!behind.isEmpty() && !context.channel().config().isAutoRead()) {
            context.read();
        }
    }

    /** Nothing has come yet, and whether anything will is for those behind to deal with. */
    void sentNothing() {
        ChannelHandlerContext added = context;
        if (added != null && !added.isRemoved() && held == null) {
            putBack(added);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (held != null) {
            held.add(message);
        } else if (message instanceof ByteBuf bytes && isHandshake(bytes)) {
            begin(context, bytes);
        } else {
            pass(context, List.of(message));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (held == null) {
            context.fireChannelReadComplete();
        }
    }

    /** A connection that is reset while nobody is there to care. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody to tell that closing failed
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (behind.isEmpty()) {
            context.fireExceptionCaught(cause);
        } else {
            context.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        takeHeld().forEach(ReferenceCountUtil::release);
    }

    private void begin(ChannelHandlerContext context, ByteBuf bytes) {
        CompletionStage<Verdict> verdict = server.line().enter();
        place = verdict;
        if (verdict.toCompletableFuture().isDone()) {
            pass(context, List.of(bytes));
            return;
        }
        if (behind.isEmpty()) {
            tellPlace(context);
        }
        List<Object> waiting = new ArrayList<>(1);
        waiting.add(exactly(context, bytes));
        held = waiting;
        readAutomatically = context.channel().config().isAutoRead();
        context.channel().config().setAutoRead(false);
        verdict.whenComplete((yes, failure) -> onLoop(context, () -> goOn(context)));
    }

    private static void onLoop(ChannelHandlerContext context, Runnable task) {
        try {
            context.executor().execute(task);
        } catch (RejectedExecutionException e) {
            // The loop was shut down and its connections with it.
        }
    }

    private void goOn(ChannelHandlerContext context) {
        if (context.isRemoved()) {
            return;
        }
        pass(context, takeHeld());
        context.fireChannelReadComplete();
        if (readAutomatically) {
            context.channel().config().setAutoRead(true);
        }
    }

    /** Is out of the pipeline before the request is handled: whoever upgrades wants to find himself alone there. */
    private void pass(ChannelHandlerContext context, List<Object> messages) {
        putBack(context);
        tellPlace(context);
        context.pipeline().remove(this);
        messages.forEach(context::fireChannelRead);
    }

    /** Once. */
    private void tellPlace(ChannelHandlerContext context) {
        CompletionStage<Verdict> untold = place;
        place = null;
        if (untold != null) {
            context.fireUserEventTriggered(new Turn(untold));
        }
    }

    private void putBack(ChannelHandlerContext context) {
        List<ChannelHandler> handlers = behind;
        behind = List.of();
        if (!handlers.isEmpty()) {
            handlers.forEach(context.pipeline()::addLast);
            context.fireChannelRegistered();
            context.fireChannelActive();
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
        String start = METHOD + server.path();
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
