package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What metrics are made of: each thing is reported once, when it has happened. */
class ObserverTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final Recorder recorder = new Recorder();
    private final Reporting observer = new Reporting();
    private final EngineIoServer server =
            EngineIoServer.builder(recorder).observer(observer).build();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void closeConnections() {
        connections.forEach(Connection::close);
    }

    @Test
    void theLifeOfAWebSocketSession() {
        Connection peer = connect().send(upgrade(WEBSOCKET));

        peer.send(ClientFrames.text("4hello")).send(ClientFrames.frame(true, 2, new byte[7]));
        recorder.session().send(Message.text("news"));
        recorder.session().send(Message.text("more"));
        peer.text();
        peer.send(ClientFrames.close(1000)).text();

        assertThat(reports)
                .containsExactly(
                        "opened websocket",
                        "received 5",
                        "received 7",
                        "flushed 1 14",
                        "closed websocket transport close");
    }

    @Test
    void theLifeOfASessionThatMoves() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        webSocket.send(ClientFrames.text("2probe")).send(ClientFrames.text("5"));

        webSocket.close();
        polling.text();

        assertThat(reports).containsExactly("opened polling", "upgraded", "closed websocket transport close");
    }

    @Test
    void whatIsNoMessageIsNotCountedAsOne() {
        Connection polling = connect();
        String sid = polling.handshake();

        polling.send(post(POLLING + "&sid=" + sid, "3\u001e4\u001e6\u001eb")).text();

        assertThat(reports).containsExactly("opened polling", "received 0", "received 0");
    }

    /** One turn, two sessions. */
    @Test
    void aFlushIsReportedForTheSessionsOfALoopTogether() {
        Connection one = connect();
        one.handshake();
        one.handshake();
        reports.clear();

        recorder.sessions.forEach(session -> session.send(Message.text("news")));
        one.text();

        assertThat(reports).containsExactly("flushed 2 14");
    }

    @Test
    void aTurnThatSendsNothingReportsNothing() {
        Connection one = connect();
        one.handshake();
        reports.clear();

        recorder.session().loop().execute(() -> {});
        one.text();

        assertThat(reports).isEmpty();
    }

    /** Ten bytes of each frame are its header. */
    @ParameterizedTest
    @CsvSource({"262134, 'flushed 1 262150'", "262135, 'flushed 1 262145;flushed 1 6'"})
    void aTurnIsWrittenInPartsWhenItsBytesPassTheBound(int bytes, String flushes) {
        Connection peer = connect().send(upgrade(WEBSOCKET));
        peer.text();
        reports.clear();

        recorder.session().send(Message.binary(new byte[bytes]));
        recorder.session().send(Message.binary(new byte[4]));
        peer.text();

        assertThat(String.join(";", reports)).isEqualTo(flushes);
    }

    /** Joining it costs the same for one session and for all. */
    @Test
    void whatSessionsShareCountsOnceAgainstTheBound() {
        Connection one = connect();
        for (int i = 0; i < 5; i++) {
            one.handshake();
        }
        reports.clear();
        Message shared = Message.binary(new byte[200_000]);

        recorder.sessions.forEach(session -> session.send(shared));
        one.text();

        assertThat(reports).containsExactly("flushed 5 " + 5 * shared.frameBytes());
    }

    @Test
    void refusalsAreReportedByTheirKind() {
        connect().send(get(POLLING + "&sid=unknown")).text();
        connect().send(get("/engine.io/?EIO=3&transport=polling")).text();
        connect().send(get("/engine.io/?EIO=4&transport=smoke")).text();

        assertThat(reports)
                .containsExactly(
                        "refused UNKNOWN_SID", "refused UNSUPPORTED_PROTOCOL_VERSION", "refused UNKNOWN_TRANSPORT");
    }

    @Test
    void anObserverThatFailsAtTheEndKeepsNobodyFromHearingOfIt() {
        observer.failing = true;
        Connection polling = connect();
        polling.handshake();

        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();

        assertThat(recorder.events).containsExactly("open", "close forced close");
    }

    /** A loop whose thread is held: three commands may wait behind the one that runs. */
    @Test
    void aCallerWaitsWhileMoreCommandsWaitThanTheBoundAllows() throws InterruptedException {
        DefaultEventLoop eventLoop = new DefaultEventLoop();
        SessionLoop loop = new SessionLoop(
                eventLoop, EngineIoSettings.builder().maxQueuedCommands(3).build(), observer, eventLoop::inEventLoop);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            begun.countDown();
            waitFor(release);
        });
        begun.await();
        for (int i = 0; i < 3; i++) {
            loop.execute(() -> {});
        }
        loop.awaitCapacity();
        assertThat(reports).as("at the bound").isEmpty();
        loop.execute(() -> {});

        Thread caller = Thread.ofVirtual().start(loop::awaitCapacity);
        await().until(() -> reports.contains("waited"));
        assertThat(caller.isAlive()).isTrue();
        release.countDown();

        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
        assertThat(reports).containsExactly("waited");
        var _ = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    /** It would wait for itself. */
    @Test
    void aLoopOfTheServerDoesNotWaitForItself() throws InterruptedException {
        DefaultEventLoop eventLoop = new DefaultEventLoop();
        SessionLoop loop = new SessionLoop(
                eventLoop, EngineIoSettings.builder().maxQueuedCommands(1).build(), observer, eventLoop::inEventLoop);
        CountDownLatch done = new CountDownLatch(1);

        loop.execute(() -> {
            for (int i = 0; i < 5; i++) {
                loop.execute(() -> {});
            }
            loop.awaitCapacity();
            done.countDown();
        });

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reports).isEmpty();
        var _ = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void aCallerStopsWaitingWhenTheLoopIsShutDown() throws InterruptedException {
        DefaultEventLoop eventLoop = new DefaultEventLoop();
        SessionLoop loop = new SessionLoop(
                eventLoop, EngineIoSettings.builder().maxQueuedCommands(1).build(), observer, () -> false);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            begun.countDown();
            waitFor(release);
        });
        begun.await();
        loop.execute(() -> {});
        loop.execute(() -> {});
        Thread caller = Thread.ofVirtual().start(loop::awaitCapacity);
        await().until(() -> reports.contains("waited"));

        var _ = eventLoop.shutdownGracefully(0, 30, TimeUnit.SECONDS);

        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
        release.countDown();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect() {
        Connection connection = new Connection(server);
        connections.add(connection);
        return connection;
    }

    private final class Reporting implements EngineObserver {
        private boolean failing;

        @Override
        public void sessionOpened(Transport transport) {
            reports.add("opened " + transport.wireName());
        }

        @Override
        public void sessionClosed(Transport transport, CloseReason reason) {
            if (failing) {
                throw new IllegalStateException("as from an application's metrics");
            }
            reports.add("closed " + transport.wireName() + " " + reason.text());
        }

        @Override
        public void sessionUpgraded() {
            reports.add("upgraded");
        }

        @Override
        public void requestRefused(ProtocolError error) {
            reports.add("refused " + error);
        }

        @Override
        public void flushed(int sessions, long bytes) {
            reports.add("flushed " + sessions + " " + bytes);
        }

        @Override
        public void received(int bytes) {
            reports.add("received " + bytes);
        }

        @Override
        public void callerWaited() {
            reports.add("waited");
        }
    }
}
