package io.heliograph.engineio;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Stands right behind the HTTP codec of a connection, keeps the requests under the server's path and passes all else on.
 *
 * <p>A connection may carry both kinds of requests, also pipelined. Answers must go out in the order of the requests, so
 * one of ours waits until the others before it are answered, and the other way round; what waits is what the codec had
 * already read, and reading pauses meanwhile when it becomes much.
 *
 * <p>Works with automatic reading and in pipelines that ask for each read (Reactor Netty): while a request of ours is
 * under way it is this handler that asks.
 *
 * <p>Threading: owned by the channel's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the channel's end
final class EngineIoHandler extends ChannelDuplexHandler implements Exchange.Connection {

    private static final int MAX_HELD = 64;

    private final EngineContext engine;
    private final RequestRouter router;
    private final boolean standalone;
    // The request of ours that is not answered yet, or whose body has not ended.
    private @Nullable Exchange current;
    // Whether the body that now arrives belongs to us.
    private boolean receivingOurs;
    private int othersUnderWay;
    private boolean lastWasOurs;
    private @Nullable ChannelHandlerContext added;
    private @Nullable Queue<Object> held;
    private boolean readingPaused;
    // The body that now arrives is that of a request for a WebSocket of ours.
    private boolean receivingUpgrade;
    private final EarlyFrames earlyFrames = new EarlyFrames();
    private @Nullable IdleConnection idle;

    EngineIoHandler(EngineContext engine, RequestRouter router, boolean standalone) {
        this.engine = engine;
        this.router = router;
        this.standalone = standalone;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        added = context;
        if (standalone) {
            idle = new IdleConnection(context);
            if (context.channel().isActive()) {
                watchIdle(context);
            }
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        watchIdle(context);
        context.fireChannelActive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        releaseHeld();
        unwatchIdle(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (earlyFrames.open() && message instanceof ByteBuf frames) {
            earlyFrames.add(context, frames);
            return;
        }
        if (message instanceof HttpRequest request) {
            receivingUpgrade =
                    request.decoderResult().isSuccess() && isOurs(request) && Exchange.asksForWebSocket(request);
        }
        if (message instanceof LastHttpContent && receivingUpgrade) {
            earlyFrames.begin(context);
        }
        if ((held != null && !held.isEmpty()) || mustWait(message)) {
            hold(context, message);
        } else {
            process(context, message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readIfOurs(context);
        context.fireChannelReadComplete();
    }

    /** Counts the others' answers; ours do not come by here, since they are written from this handler's own context. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise);
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof LastHttpContent && !interim && othersUnderWay > 0) {
            othersUnderWay--;
            if (othersUnderWay == 0 && current == null) {
                watchIdle(context);
            }
            processHeld(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        releaseHeld();
        unwatchIdle(context);
        Exchange aborted = current;
        current = null;
        if (aborted != null) {
            loopOf(context).cancel(aborted);
            EngineSession session = aborted.session();
            if (session != null && !aborted.answered()) {
                session.loop().executeOn(() -> session.requests().abort(aborted));
            }
        }
        context.fireChannelInactive();
    }

    /** A request of ours that cannot be handled is answered; any other failure belongs to the other handlers. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Exchange exchange = current;
        if (exchange != null && !exchange.answered() && !(cause instanceof IOException)) {
            exchange.refuse(ProtocolError.BAD_REQUEST);
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void answered(Exchange exchange, boolean keepAlive) {
        if (exchange == current && exchange.bodyEnded()) {
            finish(exchange);
        }
        if (!keepAlive) {
            receivingOurs = true;
        }
    }

    @Override
    public void forwardEarlyFrames() {
        earlyFrames.forward(requireNonNull(added, "the handler is in no pipeline"));
    }

    private boolean mustWait(Object message) {
        return message instanceof HttpRequest request && (current != null || (othersUnderWay > 0 && isOurs(request)));
    }

    private boolean isOurs(HttpRequest request) {
        return RequestTarget.isUnder(engine.path(), request.uri());
    }

    private void hold(ChannelHandlerContext context, Object message) {
        Queue<Object> queue = held;
        if (queue == null) {
            queue = new ArrayDeque<>();
            held = queue;
        }
        queue.add(message);
        if (queue.size() > MAX_HELD && context.channel().config().isAutoRead()) {
            readingPaused = true;
            context.channel().config().setAutoRead(false);
        }
    }

    private void processHeld(ChannelHandlerContext context) {
        Queue<Object> queue = held;
        while (queue != null && !queue.isEmpty() && !mustWait(queue.element())) {
            process(context, queue.remove());
        }
        if (readingPaused && (queue == null || queue.isEmpty())) {
            readingPaused = false;
            context.channel().config().setAutoRead(true);
        }
    }

    private void releaseHeld() {
        Queue<Object> queue = held;
        held = null;
        if (queue != null) {
            queue.forEach(ReferenceCountUtil::release);
        }
        earlyFrames.release();
    }

    private void process(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            receivingOurs = isOurs(request);
            lastWasOurs = receivingOurs;
            if (receivingOurs) {
                begin(context, request);
            } else {
                othersUnderWay++;
                unwatchIdle(context);
            }
        }
        if (!receivingOurs) {
            context.fireChannelRead(message);
            return;
        }
        try {
            if (message instanceof HttpContent content) {
                receiveBody(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        unwatchIdle(context);
        RequestTarget.toOriginForm(request);
        Exchange exchange = new Exchange(this, context, engine, request);
        current = exchange;
        loopOf(context).schedule(exchange, engine.settings().requestTimeout());
        if (HttpUtil.getContentLength(request, 0L) > engine.settings().maxPayload()) {
            exchange.refuse(ProtocolError.PAYLOAD_TOO_LARGE);
            return;
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(Responses.plain(HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        router.begin(exchange);
    }

    private void receiveBody(ChannelHandlerContext context, HttpContent content) {
        Exchange exchange = current;
        if (exchange == null) {
            return;
        }
        if (!exchange.appendBody(content.content())) {
            abortSession(exchange);
            exchange.refuse(ProtocolError.PAYLOAD_TOO_LARGE);
        }
        if (content instanceof LastHttpContent) {
            loopOf(context).cancel(exchange);
            exchange.endBody();
            if (exchange.answered()) {
                finish(exchange);
            } else if (content.decoderResult().isFailure()) {
                exchange.refuse(ProtocolError.BAD_REQUEST);
            } else {
                router.complete(exchange, context);
            }
        }
    }

    /** The POST of a session that will not be completed: the session may take another one. */
    private void abortSession(Exchange exchange) {
        EngineSession session = exchange.session();
        if (session != null && exchange.method().equals(HttpMethod.POST)) {
            session.loop().executeOn(() -> session.requests().cancelPost(exchange));
        }
    }

    private void finish(Exchange exchange) {
        ChannelHandlerContext context = exchange.context();
        loopOf(context).cancel(exchange);
        current = null;
        watchIdle(context);
        processHeld(context);
        readIfOurs(context);
    }

    private void readIfOurs(ChannelHandlerContext context) {
        boolean tooMuchHeld = (held != null && held.size() > MAX_HELD) || earlyFrames.full();
        if (lastWasOurs
                && !tooMuchHeld
                && !context.isRemoved()
                && !context.channel().config().isAutoRead()) {
            Exchange exchange = current;
            if (exchange == null || !exchange.asksForWebSocket()) {
                context.read();
            }
        }
    }

    private SessionLoop loopOf(ChannelHandlerContext context) {
        return engine.loops().of(context.channel().eventLoop());
    }

    private void watchIdle(ChannelHandlerContext context) {
        if (idle != null) {
            loopOf(context).schedule(idle, engine.settings().requestTimeout());
        }
    }

    private void unwatchIdle(ChannelHandlerContext context) {
        if (idle != null) {
            loopOf(context).cancel(idle);
        }
    }
}
