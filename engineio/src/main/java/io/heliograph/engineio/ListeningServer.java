package io.heliograph.engineio;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A port on which an Engine.IO server listens alone, with its own {@link EventLoops}.
 *
 * <p>Threading: safe from any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the channel's end
public final class ListeningServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final SessionTable sessions;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final Channel channel;

    private ListeningServer(SessionTable sessions, EventLoopGroup acceptor, EventLoopGroup workers, Channel channel) {
        this.sessions = sessions;
        this.acceptor = acceptor;
        this.workers = workers;
        this.channel = channel;
    }

    static ListeningServer bind(EngineContext engine, RequestRouter router, InetSocketAddress address, int eventLoops) {
        EventLoopGroup workers = EventLoops.newGroup(eventLoops);
        EventLoopGroup acceptor = EventLoops.newGroup(1);
        ChannelFuture bound = new ServerBootstrap()
                .group(acceptor, workers)
                .channel(EventLoops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Connections(engine, router))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stop(acceptor, workers);
            throw new IllegalStateException("cannot listen on " + address, bound.cause());
        }
        return new ListeningServer(engine.sessions(), acceptor, workers, bound.channel());
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Closes with a deadline of ten seconds; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    /**
     * Refuses handshakes, closes the sessions after what was sent to them, cuts what is left at the deadline, stops
     * listening, and stops the loops. Until then it listens, since a polling client may fetch its last packets over a new
     * connection. Waits, also for a call that came before; must not be called on an event loop.
     */
    public synchronized void close(Duration deadline) {
        if (workers.isTerminated()) {
            return;
        }
        sessions.close(deadline).toCompletableFuture().join();
        channel.close().syncUninterruptibly();
        stop(acceptor, workers);
    }

    private static void stop(EventLoopGroup acceptor, EventLoopGroup workers) {
        acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Connections extends ChannelInitializer<Channel> {
        private final EngineContext engine;
        private final RequestRouter router;

        Connections(EngineContext engine, RequestRouter router) {
            this.engine = engine;
            this.router = router;
        }

        @Override
        protected void initChannel(Channel connection) {
            connection
                    .pipeline()
                    .addLast(
                            new HttpServerCodec(),
                            new EngineIoHandler(engine, router, true),
                            new NotFound(engine.date()));
        }
    }

    /** Answers 404 as soon as the request's head is there; a body is not waited for. */
    private static final class NotFound extends SimpleChannelInboundHandler<HttpObject> {
        private final HttpDate date;

        NotFound(HttpDate date) {
            this.date = date;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest request) {
                boolean wellFormed = request.decoderResult().isSuccess();
                boolean withBody =
                        HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
                answer(
                        context,
                        wellFormed
                                ? HttpResponseStatus.NOT_FOUND
                                : malformed(request.decoderResult().cause()),
                        wellFormed && !withBody && HttpUtil.isKeepAlive(request));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        private void answer(ChannelHandlerContext context, HttpResponseStatus status, boolean keepAlive) {
            FullHttpResponse response = Responses.plain(status, Unpooled.EMPTY_BUFFER);
            response.headers().set(HttpHeaderNames.DATE, date.now());
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
            HttpUtil.setKeepAlive(response.headers(), HttpVersion.HTTP_1_1, keepAlive);
            var written = context.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        private static HttpResponseStatus malformed(Throwable cause) {
            return cause instanceof io.netty.handler.codec.http.TooLongHttpHeaderException
                    ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                    : HttpResponseStatus.BAD_REQUEST;
        }
    }
}
