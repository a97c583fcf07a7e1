package io.heliograph.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP requests of one caller on a few connections that it keeps; a request for which none is free waits. A connection
 * that the server has closed, because nothing was sent on it for long, is replaced when it is needed.
 *
 * <p>Threading: made, drained and closed by the bench's thread; {@link #send} is called on the loop, and so are the
 * answers' consumers.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a missing answer
final class HttpPool implements AutoCloseable {
    private static final int MAX_ANSWER = 1 << 20;
    private static final long DEADLINE_SECONDS = 60;

    private final EventLoop loop;
    private final int port;
    private final String credential;
    private final Bootstrap bootstrap;

    // Owned by the loop.
    private final List<Channel> channels = new ArrayList<>();
    private final Deque<Channel> idle = new ArrayDeque<>();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private int outstanding;
    private @Nullable CompletableFuture<Void> drained;

    private record Pending(FullHttpRequest request, Consumer<FullHttpResponse> answer) {}

    HttpPool(EventLoop loop, int port, String credential, int connections) {
        this.loop = loop;
        this.port = port;
        this.credential = credential;
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_ANSWER), new Answers());
                    }
                });
        for (int i = 0; i < connections; i++) {
            channels.add(connect().syncUninterruptibly().channel());
        }
        loop.submit(() -> idle.addAll(channels)).syncUninterruptibly();
    }

    /** Sends a request without a body. The answer is valid during the call of its consumer. */
    void get(String path, Consumer<FullHttpResponse> answer) {
        send(request(HttpMethod.GET, path, Unpooled.EMPTY_BUFFER), answer);
    }

    /** Sends JSON of ASCII characters, with a new {@code Idempotency-Key} for each request. */
    void send(HttpMethod method, String path, String json, Consumer<FullHttpResponse> answer) {
        FullHttpRequest request = request(method, path, Unpooled.copiedBuffer(json, StandardCharsets.US_ASCII));
        request.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set("Idempotency-Key", UUID.randomUUID().toString());
        send(request, answer);
    }

    /** Returns when every request is answered. */
    void drain() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.submit(() -> {
            drained = done;
            completeIfDrained();
        });
        try {
            done.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new PeerFaultException("a request was not answered within " + DEADLINE_SECONDS + " s", e);
        }
    }

    @Override
    public void close() {
        List<Channel> open =
                loop.submit(() -> List.copyOf(channels)).syncUninterruptibly().getNow();
        open.forEach(channel -> channel.close().syncUninterruptibly());
    }

    private FullHttpRequest request(HttpMethod method, String path, ByteBuf body) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, body);
        request.headers()
                .set(HttpHeaderNames.HOST, "127.0.0.1:" + port)
                .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + credential)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return request;
    }

    private void send(FullHttpRequest request, Consumer<FullHttpResponse> answer) {
        outstanding++;
        Pending pending = new Pending(request, answer);
        Channel channel = idle.poll();
        if (channel == null) {
            waiting.add(pending);
        } else if (channel.isActive()) {
            write(channel, pending);
        } else {
            channels.remove(channel);
            connect().addListener((ChannelFuture connected) -> {
                channels.add(connected.channel());
                write(connected.channel(), pending);
            });
        }
    }

    private ChannelFuture connect() {
        return bootstrap.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static void write(Channel channel, Pending pending) {
        channel.pipeline().get(Answers.class).answer = pending.answer;
        channel.writeAndFlush(pending.request);
    }

    private void completeIfDrained() {
        if (drained != null && outstanding == 0) {
            drained.complete(null);
            drained = null;
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {
        // Owned by the loop: who waits for this connection's answer.
        private Consumer<FullHttpResponse> answer = _ -> {};

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            outstanding--;
            Consumer<FullHttpResponse> asked = answer;
            Pending next = waiting.poll();
            if (next == null) {
                idle.add(context.channel());
            } else {
                write(context.channel(), next);
            }
            asked.accept(response);
            completeIfDrained();
        }
    }
}
