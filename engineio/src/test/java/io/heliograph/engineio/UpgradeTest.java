package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A polling session moves to a WebSocket, or does not. Source: engine.io-protocol v4, "Upgrade". */
class UpgradeTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final String CLOSE_FRAME = "\u0088\0";

    private final Recorder recorder = new Recorder();
    private final AtomicInteger upgrades = new AtomicInteger();
    private final List<Connection> connections = new ArrayList<>();
    private EngineIoServer server = server(EngineIoSettings.defaults());

    @AfterEach
    void nothingIsLeftBehind() {
        for (Session session : recorder.sessions) {
            session.loop().execute(((EngineSession) session)::cut);
        }
        connections.forEach(connection -> connection.channel().runPendingTasks());
        connections.forEach(Connection::close);
        assertThat(server.sessionCount()).as("sessions").isZero();
        for (SessionLoop loop : server.loops()) {
            assertThat(loop.timers()).as("timers").isZero();
        }
    }

    @Test
    void whatWaitsGoesAheadOfWhatIsSentAfterTheUpgrade() {
        Connection polling = connect();
        String sid = polling.handshake();
        Session session = recorder.session();
        session.send(Message.text("one"));
        Connection webSocket = probe(sid);
        session.send(Message.text("two"));
        polling.text();

        webSocket.send(ClientFrames.text("5"));
        session.send(Message.text("three"));
        polling.text();

        assertThat(webSocket.text()).isEqualTo("\u0081\u00044one\u0081\u00044two\u0081\u00064three");
    }

    @Test
    void whatIsSentDuringTheAttemptGoesToAPollThatStillComes() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = probe(sid);

        recorder.session().send(Message.text("news"));

        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4news");
        assertThat(webSocket.send(ClientFrames.text("5")).text()).isEmpty();
    }

    @Test
    void aSessionThatHasMovedSaysSo() {
        Connection polling = connect();
        Session session = session(polling);
        assertThat(session.transport()).isEqualTo(Transport.POLLING);

        probe(session.id()).send(ClientFrames.text("5"));

        assertThat(session.transport()).isEqualTo(Transport.WEBSOCKET);
        assertThat(upgrades).hasValue(1);
    }

    @Test
    void aPollThatWaitsIsReleasedByTheProbe() {
        Connection polling = connect();
        String sid = polling.handshake();
        polling.send(get(POLLING + "&sid=" + sid));

        probe(sid);

        assertThat(polling.body()).isEqualTo("6");
    }

    /** Each might have been sent before its client saw the probe's answer. */
    @Test
    void everyPollThatComesBehindTheProbeIsReleasedWithinTheInterval() {
        Connection polling = connect();
        String poll = get(POLLING + "&sid=" + polling.handshake());
        probe(recorder.session().id());
        for (int i = 0; i < 3; i++) {
            polling.send(poll);
            assertThat(polling.text()).isEmpty();

            polling.live(Duration.ofMillis(220));

            assertThat(polling.body()).isEqualTo("6");
        }
    }

    /** Without a poll that waits there is nobody to tell, and nothing to keep. */
    @Test
    void theReleasesThatNobodyNeedsLeaveNothingInTheQueue() {
        Connection polling = connect();
        Session session = session(polling);
        Connection webSocket = probe(session.id());

        polling.live(Duration.ofSeconds(3));

        assertThat(session.queuedBytes()).isZero();
        assertThat(webSocket.send(ClientFrames.text("5")).text()).isEmpty();
    }

    @Test
    void aPollThatWaitsWhenTheSessionMovesIsAnsweredWithANoop() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = probe(sid);
        polling.send(get(POLLING + "&sid=" + sid));

        webSocket.send(ClientFrames.text("5"));

        assertThat(polling.body()).isEqualTo("6");
        assertThat(webSocket.text()).isEmpty();
    }

    @Test
    void afterTheUpgradeNoPollIsReleasedAndNoneIsServed() {
        Connection polling = connect();
        String sid = polling.handshake();
        probe(sid).send(ClientFrames.text("5"));

        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).contains("Bad request");
        assertThat(polling.send(post(POLLING + "&sid=" + sid, "4late")).body()).contains("Bad request");
        polling.live(Duration.ofSeconds(11));

        assertThat(recorder.events).containsExactly("open");
    }

    @Test
    void theAttemptMayTakeAsLongAsItsTimeout() {
        Connection polling = connect();
        Connection webSocket = probe(polling.handshake());

        polling.live(Duration.ofMillis(9_900));
        webSocket.send(ClientFrames.text("5"));

        assertThat(recorder.session().transport()).isEqualTo(Transport.WEBSOCKET);
        polling.live(Duration.ofSeconds(1));
        assertThat(webSocket.open()).as("the timeout is off").isTrue();
        assertThat(webSocket.text()).isEmpty();
    }

    @Test
    void anAttemptThatTakesLongerIsGivenUp() {
        Connection polling = connect();
        Connection webSocket = probe(polling.handshake());

        polling.live(Duration.ofMillis(10_200));
        assertThat(webSocket.text()).isEqualTo(CLOSE_FRAME);
        webSocket.send(ClientFrames.text("5"));

        assertThat(recorder.session().transport()).isEqualTo(Transport.POLLING);
        assertThat(recorder.events).containsExactly("open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2", "2prob", "2probed", "3", "3probe", "4news", "6", "7", "b", ""})
    void anyOtherPacketEndsTheAttemptAndNotTheSession(String packet) {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        webSocket.text();

        webSocket.send(ClientFrames.text(packet)).send(ClientFrames.text("5"));

        assertThat(webSocket.text()).isEqualTo(CLOSE_FRAME);
        assertThat(recorder.session().transport()).isEqualTo(Transport.POLLING);
        assertThat(polling.send(post(POLLING + "&sid=" + sid, "4here")).body()).isEqualTo("ok");
        assertThat(recorder.events).containsExactly("open", "text here");
    }

    @Test
    void aBinaryMessageEndsTheAttemptAndNotTheSession() {
        Connection polling = connect();
        Connection webSocket = probe(polling.handshake());

        webSocket.send(ClientFrames.frame(true, 2, new byte[] {1}));

        assertThat(webSocket.text()).isEqualTo(CLOSE_FRAME);
        assertThat(recorder.events).containsExactly("open");
    }

    @Test
    void aBrokenFrameEndsTheAttemptAndNotTheSession() {
        Connection polling = connect();
        Connection webSocket = probe(polling.handshake());

        webSocket.send(new byte[] {(byte) 0xF1, 0});
        polling.text();

        assertThat(webSocket.text()).startsWith("\u0088");
        assertThat(recorder.events).containsExactly("open");
    }

    @Test
    void afterAnAttemptThatFailedAnotherMayFollow() {
        Connection polling = connect();
        String sid = polling.handshake();
        probe(sid).close();
        polling.text();

        probe(sid).send(ClientFrames.text("5"));

        assertThat(recorder.session().transport()).isEqualTo(Transport.WEBSOCKET);
        assertThat(recorder.events).containsExactly("open");
    }

    /** As in Node: the handshake succeeds, and the WebSocket is closed at once. */
    @Test
    void aSessionThatHasMovedTakesNoOtherWebSocket() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection first = probe(sid);
        first.send(ClientFrames.text("5")).text();

        Connection second = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));

        assertThat(second.text()).startsWith("HTTP/1.1 101 ").endsWith(CLOSE_FRAME);
        second.send(ClientFrames.text("4from the second"));
        first.send(ClientFrames.text("4from the first"));
        assertThat(recorder.events).containsExactly("open", "text from the first");
    }

    @Test
    void theWebSocketIsNotReadWhereTheSessionWasNot() {
        Connection polling = connect();
        Session session = session(polling);
        session.loop().execute(() -> session.reading(false));
        polling.text();

        Connection webSocket = probe(session.id());
        webSocket.send(ClientFrames.text("5"));
        assertThat(webSocket.channel().config().isAutoRead()).isFalse();
        session.loop().execute(() -> session.reading(true));
        polling.text();

        assertThat(webSocket.channel().config().isAutoRead()).isTrue();
    }

    @Test
    void thePostThatWasHeldIsAnsweredByTheUpgrade() {
        Connection polling = connect();
        Session session = session(polling);
        session.loop().execute(() -> session.reading(false));
        polling.text();
        polling.send(post(POLLING + "&sid=" + session.id(), "4news"));
        assertThat(polling.text()).isEmpty();

        probe(session.id()).send(ClientFrames.text("5"));

        assertThat(polling.body()).isEqualTo("ok");
    }

    @Test
    void theOpenPacketOffersNoUpgradeWhereNoneIsAllowed() {
        assertThat(connect().send(get(POLLING)).body()).contains("\"upgrades\":[\"websocket\"]");

        server = server(EngineIoSettings.builder().allowUpgrades(false).build());
        assertThat(connect().send(get(POLLING)).body()).contains("\"upgrades\":[]");

        server = server(
                EngineIoSettings.builder().transports(Set.of(Transport.POLLING)).build());
        assertThat(connect().send(get(POLLING)).body()).contains("\"upgrades\":[]");
    }

    @Test
    void theOpenPacketOfAWebSocketOffersNoUpgrade() {
        assertThat(connect().send(upgrade(WEBSOCKET)).text())
                .endsWith("\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
    }

    private EngineIoServer server(EngineIoSettings settings) {
        return EngineIoServer.builder(recorder)
                .settings(settings)
                .observer(new EngineObserver() {
                    @Override
                    public void sessionUpgraded() {
                        upgrades.incrementAndGet();
                    }
                })
                .build();
    }

    private Session session(Connection polling) {
        polling.handshake();
        return recorder.session();
    }

    /** A WebSocket whose probe was answered. */
    private Connection probe(String sid) {
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        assertThat(webSocket.send(ClientFrames.text("2probe")).text()).endsWith("3probe");
        return webSocket;
    }

    private Connection connect() {
        Connection connection = new Connection(server);
        connections.add(connection);
        return connection;
    }
}
