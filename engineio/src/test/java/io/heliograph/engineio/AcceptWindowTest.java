package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcceptWindowTest {
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private AcceptWindow window =
            new AcceptWindow(EngineIoServer.builder(new Recorder()).build(), 4, PATIENCE);
    private EmbeddedChannel server = new EmbeddedChannel(window);
    private final List<EmbeddedChannel> accepted = new ArrayList<>();

    @BeforeEach
    void freezeTime() {
        server.freezeTime();
    }

    @AfterEach
    void close() {
        accepted.forEach(EmbeddedChannel::finishAndReleaseAll);
        server.finishAndReleaseAll();
    }

    @Test
    void acceptsNoMoreUntilHalfOfWhatCameWasHandled() {
        acceptThree();
        assertThat(accepting()).isTrue();
        accept();
        assertThat(accepting()).isFalse();

        accepted.get(2).writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
        assertThat(accepting()).isFalse();
        accepted.get(1).writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));

        assertThat(accepting()).isTrue();
        assertThat(window.counting()).isEqualTo(2);
    }

    @Test
    void whereHandshakesWaitItRestsThreeTimesAsLongAsItTookToDealWithThem() {
        withLine();
        acceptThree();
        accept();
        pass(Duration.ofMillis(3));
        accepted.get(2).writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
        accepted.get(1).writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));

        pass(Duration.ofMillis(9).minusNanos(1));
        assertThat(accepting()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(accepting()).isTrue();
    }

    @Test
    void restsNoLongerThanAMoment() {
        withLine();
        acceptThree();
        accept();
        pass(Duration.ofMillis(40));
        accepted.get(2).writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
        accepted.get(1).writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));

        pass(Duration.ofMillis(19));
        assertThat(accepting()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(accepting()).isTrue();
    }

    @Test
    void aConnectionThatSendsNothingCountsForAShortTimeOnly() {
        acceptThree();
        accept();
        assertThat(accepting()).isFalse();

        pass(PATIENCE);

        assertThat(accepting()).isTrue();
        assertThat(window.counting()).isZero();
    }

    @Test
    void aConnectionThatIsGoneDoesNotCount() {
        acceptThree();
        accept().close().syncUninterruptibly();
        accepted.getFirst().close().syncUninterruptibly();

        assertThat(accepting()).isTrue();
        assertThat(window.counting()).isEqualTo(2);
    }

    @Test
    void eachConnectionCountsOnce() {
        EmbeddedChannel connection = accept();
        connection.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}), Unpooled.wrappedBuffer(new byte[] {2}));
        connection.close().syncUninterruptibly();
        pass(PATIENCE);

        assertThat(window.counting()).isZero();
    }

    @Test
    void nothingOfItIsLeftInThePipelineWhenTheFirstBytesAreHandled() {
        List<String> seen = new ArrayList<>();
        EmbeddedChannel connection = accept();
        connection.pipeline().addLast("last", new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                seen.addAll(context.pipeline().names());
                ReferenceCountUtil.release(message);
            }
        });

        connection.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));

        assertThat(seen).contains("last").noneMatch(name -> name.contains("AcceptWindow"));
    }

    @Test
    void onlyWhereHandshakesMayWaitAConnectionIsLookedAt() {
        assertThat(accept().pipeline().get(WaitingHandshake.class)).isNull();

        withLine();

        assertThat(accept().pipeline().get(WaitingHandshake.class)).isNotNull();
    }

    @Test
    void aConnectionThatSendsNothingIsSetUpAllTheSame() throws Exception {
        withLine();
        List<String> seen = new ArrayList<>();
        EmbeddedChannel connection = EmbeddedChannel.builder().register(false).build();
        accepted.add(connection);
        server.writeInbound(connection);
        connection.pipeline().addLast(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                seen.add("set up");
            }
        });
        connection.register();
        assertThat(seen).isEmpty();

        pass(PATIENCE);
        connection.runPendingTasks();

        assertThat(seen).containsExactly("set up");
    }

    private void withLine() {
        EngineIoServer engine = EngineIoServer.builder(new Recorder())
                .line(CompletableFuture::new)
                .build();
        window = new AcceptWindow(engine, 4, PATIENCE);
        server.finishAndReleaseAll();
        server = new EmbeddedChannel(window);
        server.freezeTime();
    }

    private void pass(Duration time) {
        server.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        server.runScheduledPendingTasks();
    }

    private boolean accepting() {
        server.runScheduledPendingTasks();
        return server.config().isAutoRead();
    }

    private void acceptThree() {
        accept();
        accept();
        accept();
    }

    private EmbeddedChannel accept() {
        EmbeddedChannel connection = new EmbeddedChannel();
        accepted.add(connection);
        server.writeInbound(connection);
        return connection;
    }
}
