package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static io.heliograph.engineio.Connection.upgrade;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that mean harm, on a clock that stands still. Whatever they do, the server ends as empty as it began. */
class HostilePeersTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";

    private final Recorder recorder = new Recorder();
    private final EngineIoServer server = EngineIoServer.builder(recorder).build();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(server.sessionCount()).as("sessions").isZero();
        connections.forEach(Connection::close);
        connections.forEach(connection -> connection.channel().runPendingTasks());
        for (SessionLoop loop : server.loops()) {
            assertThat(loop.timers()).as("timers").isZero();
            assertThat(loop.queuedCommands()).as("commands").isZero();
        }
    }

    @Test
    void neverAnsweringPingsEndsAPollingSession() {
        Connection connection = connect();
        String sid = connection.handshake();
        connection.send(get(POLLING + "&sid=" + sid));

        connection.live(Duration.ofSeconds(26));
        assertThat(connection.body()).isEqualTo("2");
        connection.live(Duration.ofSeconds(20));

        assertThat(recorder.events).containsExactly("open", "close ping timeout");
    }

    @Test
    void aSilentPeerThatBrokeTheFramingIsCutWithinTwoSeconds() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        connection.text();
        connection.send(new byte[] {(byte) 0xF1, 0}); // reserved bits, and no mask

        connection.live(Duration.ofMillis(1_900));
        assertThat(connection.open()).isTrue();
        connection.live(Duration.ofMillis(200));

        assertThat(connection.open()).isFalse();
    }

    @Test
    void aSilentPeerThatSentNoPacketIsCutWithinTwoSeconds() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        connection.text();
        connection.send(ClientFrames.text("x"));

        connection.live(Duration.ofMillis(2_100));

        assertThat(connection.open()).isFalse();
    }

    @Test
    void aShortPingTimeoutIsKeptToAFewMilliseconds() {
        EngineIoServer quick = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .pingInterval(Duration.ofMillis(300))
                        .pingTimeout(Duration.ofMillis(200))
                        .build())
                .build();
        Connection connection = new Connection(quick);
        connections.add(connection);
        connection.send(upgrade(WEBSOCKET)).text();

        int millis = 0;
        while (connection.open() && millis < 1_000) {
            connection.advance(Duration.ofMillis(1));
            millis++;
        }

        assertThat(millis).isBetween(500, 506);
    }

    /** The same as a peer whose machine is gone: nothing comes, and nobody says that it ended. */
    @Test
    void neverAnsweringPingsCutsAWebSocketWithoutWaitingForAnotherAnswer() {
        Connection connection = connect().send(upgrade(WEBSOCKET));

        connection.live(Duration.ofSeconds(26));
        assertThat(connection.open()).isTrue();
        connection.live(Duration.ofSeconds(20));

        assertThat(recorder.events).containsExactly("open", "close ping timeout");
        assertThat(connection.open()).isFalse();
    }

    @Test
    void aCloseFrameThatIsNeverAnsweredIsNotWaitedForLongerThanTheCloseTimeout() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        recorder.session().close(CloseReason.FORCED_CLOSE);

        connection.live(Duration.ofSeconds(29));
        assertThat(connection.open()).isTrue();
        connection.live(Duration.ofSeconds(2));

        assertThat(connection.open()).isFalse();
    }

    @Test
    void aConnectionOnWhichNothingIsAskedIsCut() {
        Connection connection = add(Connection.alone(server));

        connection.live(Duration.ofSeconds(59));
        assertThat(connection.open()).isTrue();
        connection.live(Duration.ofSeconds(2));

        assertThat(connection.open()).isFalse();
    }

    @Test
    void aHeadThatComesByteByByteMustBeWholeWithinTheRequestTimeout() {
        Connection connection = add(Connection.alone(server));
        String head = get(POLLING, "X-Filler: " + "x".repeat(200));

        for (int i = 0; i < 60 && connection.open(); i++) {
            connection.send(head.substring(i, i + 1));
            connection.live(Duration.ofSeconds(1));
        }
        connection.live(Duration.ofSeconds(1));

        assertThat(connection.open()).isFalse();
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void framesThatComeByteByByteAreUnderstoodAndShowNoLife() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        byte[] frames = ClientFrames.join(ClientFrames.text("4slow"), ClientFrames.header(true, 2, 900_000));
        for (byte b : frames) {
            connection.send(new byte[] {b});
        }
        assertThat(recorder.events).containsExactly("open", "text slow");

        for (int second = 0; second < 46 && connection.open(); second++) {
            connection.send(new byte[] {0x55});
            connection.live(Duration.ofSeconds(1));
        }

        assertThat(recorder.events).endsWith("close ping timeout");
        assertThat(connection.open()).isFalse();
    }

    @Test
    void tenThousandPartsOfOnePayloadAreTakenInOrder() {
        Connection connection = connect();
        String sid = connection.handshake();
        StringBuilder payload = new StringBuilder("4first");
        for (int i = 0; i < 10_000; i++) {
            payload.append('\u001e').append('4').append(i);
        }

        assertThat(connection
                        .send(post(POLLING + "&sid=" + sid, payload.toString()))
                        .body())
                .isEqualTo("ok");

        assertThat(recorder.events)
                .hasSize(10_002)
                .startsWith("open", "text first", "text 0")
                .endsWith("text 9999");
        recorder.session().loop().execute(recorder.session()::cut);
        connection.text();
    }

    @Test
    void tenThousandEmptyPartsEndTheSessionAtTheFirst() {
        Connection connection = connect();
        String sid = connection.handshake();

        connection.send(post(POLLING + "&sid=" + sid, "\u001e".repeat(10_000)));

        assertThat(recorder.events).containsExactly("open", "close parse error");
    }

    @Test
    void ofManyWebSocketsThatWantTheSameSessionOneMayTry() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection first = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));

        for (int i = 0; i < 100; i++) {
            Connection other = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
            assertThat(other.text()).startsWith("HTTP/1.1 101 ");
            other.send(ClientFrames.close(1005 - 5));
            assertThat(other.open()).isFalse();
        }
        first.send(ClientFrames.text("2probe"));
        assertThat(first.text()).endsWith("3probe");
        first.send(ClientFrames.text("5")).send(ClientFrames.text("4hello"));

        assertThat(recorder.events).containsExactly("open", "text hello");
        first.close();
        polling.text();
        assertThat(recorder.events).endsWith("close transport close");
    }

    @Test
    void anUpgradeThatIsNeverCompletedIsGivenUpAndTheSessionGoesOn() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        webSocket.send(ClientFrames.text("2probe"));

        polling.live(Duration.ofSeconds(11));
        assertThat(webSocket.text()).contains("\u0088\0");
        polling.live(Duration.ofSeconds(31));
        webSocket.text();

        assertThat(webSocket.open()).isFalse();
        assertThat(polling.send(post(POLLING + "&sid=" + sid, "4still here")).body())
                .isEqualTo("ok");
        assertThat(recorder.events).containsExactly("open", "text still here");
        recorder.session().loop().execute(recorder.session()::cut);
        polling.text();
    }

    @Test
    void anUpgradeDuringAPostThatIsUnderWayRefusesThePostAndGoesOn() {
        Connection polling = connect();
        String sid = polling.handshake();
        String post = post(POLLING + "&sid=" + sid, "4never to be seen");
        polling.send(post.substring(0, post.length() - 5));
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));

        webSocket.send(ClientFrames.text("2probe")).send(ClientFrames.text("5"));
        polling.send(post.substring(post.length() - 5));
        webSocket.send(ClientFrames.text("4hello"));

        assertThat(polling.text()).startsWith("HTTP/1.1 400 ");
        assertThat(recorder.events).containsExactly("open", "text hello");
        webSocket.close();
        polling.text();
        assertThat(recorder.events).endsWith("close transport close");
    }

    /** 120 bits from a secure source: each is set in about half of the ids, and no id comes twice. */
    @Test
    void sidsCannotBeGuessed() {
        int[] set = new int[120];
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            Connection connection = connect();
            String sid = connection.handshake();
            byte[] bits = Base64.getUrlDecoder().decode(sid.getBytes(ISO_8859_1));
            for (int bit = 0; bit < set.length; bit++) {
                set[bit] += (bits[bit / 8] >>> (bit % 8)) & 1;
            }
            seen.add(sid);
            recorder.session().loop().execute(recorder.session()::cut);
            connection.text();
        }

        assertThat(seen).hasSize(2000);
        // Nine standard deviations of a fair coin.
        assertThat(Arrays.stream(set).boxed()).allMatch(count -> count > 800 && count < 1200);
    }

    @Test
    void guessesAreRefusedWithoutATrace() {
        Connection connection = connect();
        for (int i = 0; i < 1000; i++) {
            assertThat(connection
                            .send(get(POLLING + "&sid=" + "guess" + i + "xxxxxxxxxxxxx"))
                            .body())
                    .contains("Session ID unknown");
        }

        assertThat(recorder.events).isEmpty();
    }

    private Connection connect() {
        return add(new Connection(server));
    }

    private Connection add(Connection connection) {
        connections.add(connection);
        return connection;
    }
}
