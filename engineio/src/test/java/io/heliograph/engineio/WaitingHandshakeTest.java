package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.HandshakeGate.Allowed;
import io.heliograph.engineio.HandshakeGate.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingHandshakeTest {
    private static final String HANDSHAKE = "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\n\r\n";

    private final List<CompletableFuture<Verdict>> line = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final EngineIoServer server = EngineIoServer.builder(new Recorder())
            .line(() -> {
                CompletableFuture<Verdict> place = new CompletableFuture<>();
                line.add(place);
                return place;
            })
            .build();
    private final List<EmbeddedChannel> accepted = new ArrayList<>();
    private final EmbeddedChannel connection = new EmbeddedChannel(new WaitingHandshake(server), new Behind());

    /** Writes down what reaches the codec. */
    private final class Behind extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            seen.add(event instanceof WaitingHandshake.Turn ? "turn" : "?");
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            seen.add(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            seen.add("complete");
        }
    }

    @AfterEach
    void close() {
        accepted.forEach(EmbeddedChannel::finishAndReleaseAll);
        connection.finishAndReleaseAll();
    }

    @Test
    void aHandshakePassesWhenItIsItsTurn() {
        receive(HANDSHAKE);
        assertThat(seen).containsExactly("turn");

        line.getFirst().complete(new Allowed());
        connection.runPendingTasks();

        assertThat(seen).containsExactly("turn", HANDSHAKE, "complete");
        assertThat(line).hasSize(1);
        assertThat(waits()).isFalse();
    }

    @Test
    void whatFailsToGiveATurnEndsTheWaitToo() {
        receive(HANDSHAKE);

        line.getFirst().completeExceptionally(new IllegalStateException("no line"));
        connection.runPendingTasks();

        assertThat(seen).containsExactly("turn", HANDSHAKE, "complete");
    }

    @Test
    void nothingIsReadWhileItWaits() {
        receive(HANDSHAKE);
        assertThat(connection.config().isAutoRead()).isFalse();

        line.getFirst().complete(new Allowed());
        connection.runPendingTasks();

        assertThat(connection.config().isAutoRead()).isTrue();
    }

    @Test
    void readingStaysManualWhereItIs() {
        connection.config().setAutoRead(false);
        receive(HANDSHAKE);

        line.getFirst().complete(new Allowed());
        connection.runPendingTasks();

        assertThat(connection.config().isAutoRead()).isFalse();
    }

    @Test
    void whatHadBeenReadAlreadyFollowsInOrder() {
        receive(HANDSHAKE, "more", "and more");

        line.getFirst().complete(new Allowed());
        connection.runPendingTasks();

        assertThat(seen).containsExactly("turn", HANDSHAKE, "more", "and more", "complete");
    }

    @Test
    void whoLeavesMeanwhileLeavesNothingBehind() {
        ByteBuf more = Unpooled.copiedBuffer("more", StandardCharsets.ISO_8859_1);
        receive(HANDSHAKE);
        var _ = connection.writeOneInbound(more);

        connection.close().syncUninterruptibly();
        connection.runPendingTasks();
        line.getFirst().complete(new Allowed());
        connection.runPendingTasks();

        assertThat(seen).containsExactly("turn");
        assertThat(more.refCnt()).isZero();
    }

    /** As on a server: set up before the channel is registered. */
    @Test
    void whatStandsBehindIsNotSetUpBeforeItIsNeeded() throws Exception {
        EmbeddedChannel accepted = accept();
        assertThat(seen).isEmpty();

        write(accepted, HANDSHAKE);
        assertThat(seen).isEmpty();
        line.getFirst().complete(new Allowed());
        accepted.runPendingTasks();

        assertThat(seen).containsExactly("added", "registered", "active", "turn", HANDSHAKE, "complete");
    }

    @Test
    void aRequestFindsItSetUp() throws Exception {
        EmbeddedChannel accepted = accept();

        write(accepted, "GET /v1/approvals HTTP/1.1\r\n\r\n");

        assertThat(seen)
                .containsExactly("added", "registered", "active", "GET /v1/approvals HTTP/1.1\r\n\r\n", "complete");
    }

    @Test
    void aConnectionThatSendsNothingIsSetUpOnceAndItsHandshakeStillWaits() throws Exception {
        EmbeddedChannel accepted = accept();
        WaitingHandshake waiting = accepted.pipeline().get(WaitingHandshake.class);

        waiting.sentNothing();
        waiting.sentNothing();
        assertThat(seen).containsExactly("added", "registered", "active");
        write(accepted, HANDSHAKE);
        waiting.sentNothing();

        assertThat(seen).containsExactly("added", "registered", "active", "turn");
        assertThat(line).hasSize(1);
        line.getFirst().complete(new Allowed());
        accepted.runPendingTasks();
        assertThat(seen).containsExactly("added", "registered", "active", "turn", HANDSHAKE, "complete");
    }

    @Test
    void whereReadingIsManualItAsksForTheFirstBytes() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        EmbeddedChannel channel = EmbeddedChannel.builder().register(false).build();
        accepted.add(channel);
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(
                        new ChannelOutboundHandlerAdapter() {
                            @Override
                            public void read(ChannelHandlerContext context) {
                                reads.incrementAndGet();
                            }
                        },
                        new WaitingHandshake(server),
                        application());

        channel.register();

        assertThat(reads).hasValue(1);
        assertThat(seen).isEmpty();
    }

    @Test
    void aConnectionThatIsResetBeforeIsClosed() throws Exception {
        EmbeddedChannel accepted = accept();

        accepted.pipeline().fireExceptionCaught(new IOException("reset"));
        accepted.runPendingTasks();

        assertThat(accepted.isOpen()).isFalse();
        accepted.checkException();
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/approvals HTTP/1.1\r\n\r\n",
                "POST /engine.io/?EIO=4&transport=polling HTTP/1.1\r\n\r\n",
                "GET /engine.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\n\r\n",
                "GET /engine.io/?sid=x&EIO=4&transport=polling HTTP/1.1\r\n\r\n",
                "GET /engine.io/ HTTP/1.1\r\n\r\n",
                "GET /engine.io/?EIO=4&transport=websocket",
                "GET /engine.io",
                "\u0016\u0003\u0001",
                "",
            })
    void everythingElsePassesAtOnce(String bytes) {
        receive(bytes);

        assertThat(seen).containsExactly(bytes, "complete");
        assertThat(line).isEmpty();
        assertThat(waits()).isFalse();
    }

    @Test
    void aHandshakeBehindAnotherRequestIsNotLookedAt() {
        receive("GET /v1/approvals HTTP/1.1\r\n\r\n");
        receive(HANDSHAKE);

        assertThat(seen).containsExactly("GET /v1/approvals HTTP/1.1\r\n\r\n", "complete", HANDSHAKE, "complete");
        assertThat(line).isEmpty();
    }

    private boolean waits() {
        return connection.pipeline().get(WaitingHandshake.class) != null;
    }

    private void receive(String... reads) {
        write(connection, reads);
    }

    private static void write(EmbeddedChannel channel, String... reads) {
        for (String bytes : reads) {
            var _ = channel.writeOneInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        }
        channel.flushInbound();
    }

    /** A connection whose handlers are in the pipeline before it is registered. */
    private EmbeddedChannel accept() throws Exception {
        EmbeddedChannel channel = EmbeddedChannel.builder().register(false).build();
        channel.pipeline().addLast(new WaitingHandshake(server), application());
        channel.register();
        accepted.add(channel);
        return channel;
    }

    private ChannelInitializer<Channel> application() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Lifecycle(), new Behind());
            }
        };
    }

    /** Writes down how it was set up. */
    private final class Lifecycle extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            seen.add("added");
        }

        @Override
        public void channelRegistered(ChannelHandlerContext context) {
            seen.add("registered");
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            seen.add("active");
        }
    }
}
