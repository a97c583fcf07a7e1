package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever the layer above throws costs the session that it was called for; its loop and all others on it go on. */
class FailingApplicationTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";

    private final List<String> events = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private String failingCallback = "";
    private final EngineIoServer server = EngineIoServer.builder(this::opened).build();
    /** Sessions that begin on one connection live on its loop. */
    private final Connection connection = new Connection(server);

    @AfterEach
    void nothingIsLeftBehind() {
        connection.close();
    }

    @Test
    void anErrorForAMessageEndsThatSessionOnly() {
        String first = connection.handshake();
        String other = connection.handshake();

        assertThat(connection.send(post(POLLING + "&sid=" + first, "4boom")).text())
                .isNotEmpty();

        assertThat(connection.send(get(POLLING + "&sid=" + first)).body()).contains("Session ID unknown");
        assertThat(connection.send(post(POLLING + "&sid=" + other, "4hello")).body())
                .isEqualTo("ok");
        assertThat(events).containsExactly("open", "open", "text boom", "close transport error", "text hello");
    }

    @Test
    void anErrorWhenASessionOpensEndsItAndLetsTheNextOneIn() {
        failingCallback = "onOpen";
        connection.send(get(POLLING)).text();
        failingCallback = "";

        String next = connection.handshake();

        assertThat(server.sessionCount()).isEqualTo(1);
        assertThat(connection.send(post(POLLING + "&sid=" + next, "4hello")).body())
                .isEqualTo("ok");
    }

    @Test
    void anErrorWhenASessionClosesAtItsPingTimeoutLeavesTheTimersOfOthersAlone() {
        failingCallback = "onClose";
        connection.handshake();
        connection.handshake();
        connection.handshake();

        connection.live(Duration.ofSeconds(46));

        assertThat(events).containsOnlyOnce("close ping timeout 1", "close ping timeout 2", "close ping timeout 3");
        assertThat(server.sessionCount()).isZero();
        assertThat(server.loops().getFirst().timers()).isZero();
        failingCallback = "";
        connection.handshake();
        connection.live(Duration.ofSeconds(46));
        assertThat(server.sessionCount()).isZero();
    }

    @Test
    void anErrorOfACommandLeavesThoseBehindItAlone() {
        String sid = connection.handshake();
        SessionLoop loop = server.loops().getFirst();

        loop.execute(() -> {
            throw new StackOverflowError("as from application code");
        });
        sessions.getFirst().send(Message.text("one"));

        assertThat(connection.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4one");
        sessions.getFirst().send(Message.text("two"));
        assertThat(connection.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4two");
    }

    @Test
    void aPeerThatIsNotReadIsNotTakenForASilentOne() {
        connection.handshake();
        Session session = sessions.getFirst();
        session.loop().execute(() -> session.reading(false));

        connection.live(Duration.ofSeconds(200));
        assertThat(session.open()).isTrue();

        session.loop().execute(() -> session.reading(true));
        connection.live(Duration.ofSeconds(19));
        assertThat(session.open()).isTrue();
        connection.live(Duration.ofSeconds(2));
        assertThat(session.open()).isFalse();
        assertThat(events).contains("close ping timeout 1");
    }

    @Test
    void aLoopThatWasShutDownKeepsNoCommands() {
        DefaultEventLoop eventLoop = new DefaultEventLoop();
        SessionLoop loop = new SessionLoop(eventLoop, server.settings(), EngineObserver.none(), () -> false);
        eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        eventLoop.terminationFuture().syncUninterruptibly();

        for (int i = 0; i < 10_000; i++) {
            loop.execute(() -> {});
        }

        assertThat(loop.queuedCommands()).isZero();
        loop.awaitCapacity();
    }

    private SessionHandler opened(Session session) {
        sessions.add(session);
        int number = sessions.size();
        events.add("open");
        if (failingCallback.equals("onOpen")) {
            throw new StackOverflowError("as from application code");
        }
        return new SessionHandler() {
            @Override
            public void onText(byte[] utf8) {
                String text = new String(utf8, UTF_8);
                events.add("text " + text);
                if (text.equals("boom")) {
                    throw new StackOverflowError("as from application code");
                }
            }

            @Override
            public void onBinary(byte[] bytes) {
                throw new IllegalStateException("nothing binary is sent here");
            }

            @Override
            public void onClose(CloseReason reason) {
                events.add("close " + reason.text() + (reason == CloseReason.PING_TIMEOUT ? " " + number : ""));
                if (failingCallback.equals("onClose")) {
                    throw new StackOverflowError("as from application code");
                }
            }
        };
    }
}
