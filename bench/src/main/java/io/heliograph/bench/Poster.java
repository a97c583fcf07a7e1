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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An agent that writes messages over REST, one event each, on a few connections that it keeps. One that the server has
 * closed, because nothing was sent on it for long, is replaced when it is needed.
 *
 * <p>A message carries the time at which it was due ({@link Stamp}), also when it has to wait for a free connection.
 * <p>Threading: the public face is called from the bench's thread; the rest belongs to the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a failed answer
final class Poster implements AutoCloseable {
    private static final int CONNECTIONS = 16;
    private static final int MAX_ANSWER = 1 << 20;
    private static final String AGENT = "/v1/agents/bench";

    private final EventLoop loop;
    private final int port;
    private final String key;
    private final Bootstrap bootstrap;

    // Owned by the loop.
    private final List<Channel> channels = new ArrayList<>();
    private final Deque<Channel> idle = new ArrayDeque<>();
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
    private boolean running;
    private double intervalNanos;
    private double nextNanos;
    private int outstanding;
    private long answered;
    private long failed;
    private long latestLagNanos;
    private @Nullable CompletableFuture<Void> drained;

    /** What was sent since the start, the agent's registration included: answered with success, or not; and how late the generator was at worst, since the rate was set or forgotten. */
    record Counts(long answered, long failed, long latestLagNanos) {}

    /** Registers the agent. */
    Poster(EventLoop loop, int port, String key) {
        this.loop = loop;
        this.port = port;
        this.key = key;
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
        for (int i = 0; i < CONNECTIONS; i++) {
            channels.add(bootstrap
                    .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .syncUninterruptibly()
                    .channel());
        }
        loop.submit(() -> idle.addAll(channels)).syncUninterruptibly();
        loop.submit(() -> send(request(HttpMethod.PUT, AGENT, "{\"name\":\"bench\",\"kind\":\"bench\"}")))
                .syncUninterruptibly();
        drain();
    }

    /** Writes {@code count} messages as fast as the connections allow, and returns when all are answered. */
    void write(int count) {
        loop.submit(() -> {
                    for (int i = 0; i < count; i++) {
                        send(message(System.nanoTime()));
                    }
                })
                .syncUninterruptibly();
        drain();
    }

    /** Messages answered with success since the start. */
    long written() {
        return counts().answered() - 1;
    }

    /** Writes at a fixed rate until {@link #stop}. */
    void start(double perSecond) {
        loop.submit(() -> {
                    running = true;
                    latestLagNanos = 0;
                    intervalNanos = 1e9 / perSecond;
                    nextNanos = System.nanoTime() + intervalNanos;
                    scheduleNext();
                })
                .syncUninterruptibly();
    }

    /** Returns when all that was written is answered. */
    void stop() {
        loop.submit(() -> running = false).syncUninterruptibly();
        drain();
    }

    /** Forgets how late the generator has been so far. */
    void forgetLag() {
        loop.submit(() -> latestLagNanos = 0).syncUninterruptibly();
    }

    Counts counts() {
        return loop.submit(() -> new Counts(answered, failed, latestLagNanos))
                .syncUninterruptibly()
                .getNow();
    }

    @Override
    public void close() {
        loop.submit(() -> running = false).syncUninterruptibly();
        channels.forEach(channel -> channel.close().syncUninterruptibly());
    }

    private void drain() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.submit(() -> {
            drained = done;
            completeIfDrained();
        });
        done.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private void scheduleNext() {
        loop.schedule(this::writeDue, Math.max(0, (long) nextNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void writeDue() {
        long now = System.nanoTime();
        while (running && nextNanos <= now) {
            latestLagNanos = Math.max(latestLagNanos, now - (long) nextNanos);
            send(message((long) nextNanos));
            nextNanos += intervalNanos;
        }
        if (running) {
            scheduleNext();
        }
    }

    private FullHttpRequest message(long dueNanos) {
        return request(HttpMethod.POST, AGENT + "/messages", "{\"text\":\"" + Stamp.text(dueNanos) + "\"}");
    }

    private FullHttpRequest request(HttpMethod method, String path, String json) {
        ByteBuf body = Unpooled.buffer();
        body.writeCharSequence(json, StandardCharsets.US_ASCII);
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, body);
        request.headers()
                .set(HttpHeaderNames.HOST, "127.0.0.1:" + port)
                .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + key)
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set("Idempotency-Key", UUID.randomUUID().toString());
        return request;
    }

    private void send(FullHttpRequest request) {
        outstanding++;
        Channel channel = idle.poll();
        if (channel == null) {
            waiting.add(request);
        } else if (channel.isActive()) {
            channel.writeAndFlush(request);
        } else {
            replace(channel, request);
        }
    }

    private void replace(Channel closed, FullHttpRequest first) {
        channels.remove(closed);
        bootstrap
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addListener((ChannelFuture connected) -> {
                    channels.add(connected.channel());
                    connected.channel().writeAndFlush(first);
                });
    }

    private void completeIfDrained() {
        if (drained != null && outstanding == 0) {
            drained.complete(null);
            drained = null;
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            outstanding--;
            if (answer.status().code() / 100 == 2) {
                answered++;
            } else if (failed++ == 0) {
                System.out.println("a message was refused: " + answer.status() + " "
                        + answer.content().toString(StandardCharsets.UTF_8));
            }
            FullHttpRequest next = waiting.poll();
            if (next == null) {
                idle.add(context.channel());
            } else {
                context.writeAndFlush(next);
            }
            completeIfDrained();
        }
    }
}
