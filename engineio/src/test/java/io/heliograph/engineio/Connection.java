package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A connection to a server, without a socket and with a clock that stands still. */
final class Connection implements AutoCloseable {

    private final EmbeddedChannel channel;
    private int reads;
    private boolean kernelFull;

    Connection(EngineIoServer server) {
        this(server, true);
    }

    /** Behind us stands a handler that answers every request that it gets. */
    Connection(EngineIoServer server, boolean otherAnswersAtOnce) {
        channel = new Channel(new CountReads(), new HttpServerCodec(), server.newChannelHandler());
        channel.freezeTime();
        channel.pipeline().addLast("other", new Other(otherAnswersAtOnce));
    }

    private Connection(ChannelHandler handler) {
        channel = new Channel(new CountReads(), new HttpServerCodec(), handler);
        channel.freezeTime();
    }

    /** To the stand-alone server, which ends idle connections. */
    static Connection alone(EngineIoServer server) {
        return new Connection(server.standaloneHandler());
    }

    EmbeddedChannel channel() {
        return channel;
    }

    int reads() {
        return reads;
    }

    Connection send(String bytes) {
        return send(bytes.getBytes(ISO_8859_1));
    }

    Connection send(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        return this;
    }

    /** Everything that the server has sent since the last call. */
    byte[] received() {
        channel.runPendingTasks();
        ByteBuf all = Unpooled.buffer();
        ByteBuf next;
        while ((next = channel.readOutbound()) != null) {
            all.writeBytes(next);
            next.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    String text() {
        return new String(received(), ISO_8859_1);
    }

    /** The peer does not read, and the kernel takes no more bytes; or it does again, and takes what waits. */
    void kernelFull(boolean full) {
        kernelFull = full;
        channel.flush();
    }

    /** The body of the one response that came. */
    String body() {
        String text = text();
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    /** Opens a polling session and returns its id. */
    String handshake() {
        return send(get("/engine.io/?EIO=4&transport=polling")).body().substring("0{\"sid\":\"".length(), 29);
    }

    void advance(Duration duration) {
        channel.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** Advances in steps that a wheel can follow. */
    void live(Duration duration) {
        long steps = duration.toMillis() / 20;
        for (long i = 0; i < steps; i++) {
            advance(Duration.ofMillis(20));
        }
    }

    boolean open() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }

    static String get(String path, String... headers) {
        return request("GET", path, "", headers);
    }

    static String post(String path, String body, String... headers) {
        return request("POST", path, body, headers);
    }

    static String request(String method, String path, String body, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: example.org\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return request.append("\r\n").append(body).toString();
    }

    static String upgrade(String path) {
        return get(
                path,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    /** Lets the other handler answer the request that it holds back. */
    void otherAnswers() {
        channel.pipeline().get(Other.class).answer();
    }

    private final class Channel extends EmbeddedChannel {
        Channel(ChannelHandler... handlers) {
            super(handlers);
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer outbound) throws Exception {
            if (!kernelFull) {
                super.doWrite(outbound);
            }
        }
    }

    private final class CountReads extends ChannelOutboundHandlerAdapter {
        @Override
        public void read(ChannelHandlerContext context) throws Exception {
            reads++;
            super.read(context);
        }
    }

    /** Stands for someone else's application. */
    private static final class Other extends ChannelInboundHandlerAdapter {
        private final boolean atOnce;
        private ChannelHandlerContext context;
        private String uri = "";

        @SuppressWarnings("NullAway.Init") // set when the handler is added
        Other(boolean atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            this.context = context;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                uri = request.uri();
            }
            if (message instanceof LastHttpContent && atOnce) {
                answer();
            }
            ReferenceCountUtil.release(message);
        }

        void answer() {
            byte[] body = ("other " + uri).getBytes(ISO_8859_1);
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
            response.headers().setInt("content-length", body.length);
            var _ = context.writeAndFlush(response);
        }
    }
}
