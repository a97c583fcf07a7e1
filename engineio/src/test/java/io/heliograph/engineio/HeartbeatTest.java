package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a peer is pinged, how long its pong is awaited, and what moves either. A wheel's tick is 100 ms here. */
class HeartbeatTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final String PING = "\u0081\u00012";
    private static final byte[] PONG = ClientFrames.text("3");

    private final Recorder recorder = new Recorder();
    private final EngineIoServer server = EngineIoServer.builder(recorder)
            .settings(EngineIoSettings.builder()
                    .pingInterval(Duration.ofSeconds(25))
                    .pingTimeout(Duration.ofSeconds(20))
                    .build())
            .build();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void closeConnections() {
        connections.forEach(Connection::close);
    }

    @Test
    void thePingComesAtTheIntervalAndNotBefore() {
        Connection peer = webSocket();

        peer.live(Duration.ofMillis(24_900));
        assertThat(peer.text()).isEmpty();
        peer.live(Duration.ofMillis(200));

        assertThat(peer.text()).isEqualTo(PING);
    }

    @Test
    void theNextPingComesAnIntervalAfterThePong() {
        Connection peer = pinged();
        peer.live(Duration.ofSeconds(10));

        peer.send(PONG);
        peer.live(Duration.ofMillis(24_900));
        assertThat(peer.text()).isEmpty();
        peer.live(Duration.ofMillis(300));

        assertThat(peer.text()).isEqualTo(PING);
        assertThat(recorder.events).containsExactly("open");
    }

    @Test
    void withoutAPongTheSessionEndsAtTheTimeoutAndNotBefore() {
        Connection peer = pinged();

        peer.live(Duration.ofMillis(19_800));
        assertThat(recorder.events).containsExactly("open");
        peer.live(Duration.ofMillis(300));

        assertThat(recorder.events).containsExactly("open", "close ping timeout");
        assertThat(peer.open()).isFalse();
    }

    @Test
    void whileAPongIsAwaitedThereIsNoOtherPing() {
        Connection peer = pinged();

        peer.live(Duration.ofMillis(19_800));

        assertThat(peer.text()).isEmpty();
    }

    /** It was in transit when the ping was sent: the pong is behind it. Source: Node's engine.io, {@code onPacket}. */
    @Test
    void aPacketExtendsTheTimeoutOnce() {
        Connection peer = pinged();
        peer.live(Duration.ofSeconds(18));
        peer.send(ClientFrames.text("4one"));

        peer.live(Duration.ofMillis(19_800));
        assertThat(peer.open()).isTrue();
        peer.send(ClientFrames.text("4two"));
        peer.live(Duration.ofMillis(400));

        assertThat(peer.open()).isFalse();
        assertThat(recorder.events).containsExactly("open", "text one", "text two", "close ping timeout");
    }

    @Test
    void aPacketBeforeThePingExtendsNothing() {
        Connection peer = webSocket();
        peer.live(Duration.ofMillis(24_800));
        peer.send(ClientFrames.text("4one"));
        peer.live(Duration.ofMillis(300));
        assertThat(peer.text()).isEqualTo(PING);

        peer.live(Duration.ofMillis(20_100));

        assertThat(peer.open()).isFalse();
    }

    @Test
    void theTimeoutOfTheNextPingIsExtendedByItself() {
        Connection peer = pinged();
        peer.send(ClientFrames.text("4one")).send(PONG);
        peer.live(Duration.ofMillis(25_200));
        assertThat(peer.text()).isEqualTo(PING);
        peer.live(Duration.ofSeconds(18));

        peer.send(ClientFrames.text("4two"));
        peer.live(Duration.ofMillis(19_800));
        assertThat(peer.open()).isTrue();
        peer.live(Duration.ofMillis(400));

        assertThat(peer.open()).isFalse();
    }

    /** The pong may be among the bytes that are read only from then on. */
    @Test
    void aPeerThatIsReadAgainHasTheWholeTimeoutOnceMore() {
        Connection peer = pinged();
        Session session = recorder.session();
        session.loop().execute(() -> session.reading(false));
        peer.live(Duration.ofSeconds(19));
        session.loop().execute(() -> session.reading(true));
        peer.text();

        peer.live(Duration.ofMillis(19_800));
        assertThat(session.open()).isTrue();
        peer.live(Duration.ofMillis(400));

        assertThat(session.open()).isFalse();
    }

    @Test
    void readingAgainBeforeAPingMovesNothing() {
        Connection peer = webSocket();
        Session session = recorder.session();
        peer.live(Duration.ofSeconds(20));
        session.loop().execute(() -> session.reading(false));
        session.loop().execute(() -> session.reading(true));
        peer.text();

        peer.live(Duration.ofMillis(5_200));

        assertThat(peer.text()).isEqualTo(PING);
    }

    @Test
    void aPingWaitsForThePollThatTakesIt() {
        Connection peer = connect();
        String sid = peer.handshake();
        peer.live(Duration.ofMillis(25_200));

        String taken = peer.send(get(POLLING + "&sid=" + sid)).body();

        assertThat(taken).isEqualTo("2");
    }

    @Test
    void anUpgradedSessionIsPingedOnItsWebSocket() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        webSocket.send(ClientFrames.text("2probe")).send(ClientFrames.text("5")).text();

        polling.live(Duration.ofMillis(25_200));

        assertThat(webSocket.text()).isEqualTo(PING);
    }

    @Test
    void aSessionThatHasEndedIsNotPinged() {
        Connection peer = webSocket();
        recorder.session().close(CloseReason.FORCED_CLOSE);
        peer.text();

        peer.live(Duration.ofMillis(25_200));

        assertThat(peer.text()).isEmpty();
    }

    /** It is kept for its peer, who is to fetch the close packet and nothing else. */
    @Test
    void aPollingSessionThatHasEndedIsNotPinged() {
        Connection polling = connect();
        String sid = polling.handshake();
        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();

        polling.live(Duration.ofMillis(25_200));

        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("1");
    }

    /** The wheel's tick follows the shortest of the timeouts, so that each is kept to a hundredth. */
    @ParameterizedTest
    @CsvSource({"130, 20000, 230", "20000, 130, 20230"})
    void aShortTimeoutIsKeptThoughTheOthersAreLong(int interval, int timeout, int upgrade) {
        EngineIoServer quick = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .pingInterval(Duration.ofMillis(interval))
                        .pingTimeout(Duration.ofMillis(timeout))
                        .upgradeTimeout(Duration.ofMillis(upgrade))
                        .build())
                .build();
        Connection peer = new Connection(quick);
        connections.add(peer);
        peer.send(upgrade(WEBSOCKET)).text();

        int millis = 0;
        String sent = "";
        while (sent.isEmpty() && millis < 30_000) {
            peer.advance(Duration.ofMillis(1));
            millis++;
            sent = peer.text();
        }

        assertThat(sent).isEqualTo(PING);
        assertThat(millis).isBetween(interval, interval + 4);
    }

    /** Only the server pings. Source: engine.io-protocol v4, "Heartbeat". */
    @Test
    void aPeerThatPingsBreaksTheProtocol() {
        Connection peer = webSocket();

        peer.send(ClientFrames.text("2")).text();

        assertThat(recorder.events).containsExactly("open", "close transport error");
    }

    /** At the moment at which it has received its first ping. */
    private Connection pinged() {
        Connection peer = webSocket();
        peer.live(Duration.ofSeconds(25));
        assertThat(peer.text()).isEqualTo(PING);
        return peer;
    }

    private Connection webSocket() {
        Connection peer = connect().send(upgrade(WEBSOCKET));
        peer.text();
        return peer;
    }

    private Connection connect() {
        Connection connection = new Connection(server);
        connections.add(connection);
        return connection;
    }
}
