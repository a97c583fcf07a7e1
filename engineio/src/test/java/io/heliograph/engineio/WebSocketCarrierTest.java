package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.upgrade;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A session's WebSocket: control frames, both directions of the close handshake, and what is not read. */
class WebSocketCarrierTest {

    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final String CLOSE_FRAME = "\u0088\0";
    private static final int MAX_PAYLOAD = 1_000;

    private final Recorder recorder = new Recorder();
    private final EngineIoServer server = EngineIoServer.builder(recorder)
            .settings(EngineIoSettings.builder()
                    .maxPayload(MAX_PAYLOAD)
                    .closeTimeout(Duration.ofSeconds(30))
                    .build())
            .build();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void nothingIsLeftBehind() {
        connections.forEach(Connection::close);
        connections.forEach(connection -> connection.channel().runPendingTasks());
        assertThat(server.sessionCount()).as("sessions").isZero();
        for (SessionLoop loop : server.loops()) {
            assertThat(loop.timers()).as("timers").isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125})
    void aPingIsAnsweredWithItsPayload(int length) {
        Connection peer = connect();

        peer.send(ClientFrames.frame(true, 9, "p".repeat(length).getBytes(UTF_8)));

        assertThat(peer.text()).isEqualTo("\u008a" + (char) length + "p".repeat(length));
    }

    @Test
    void aPongIsNoPacket() {
        Connection peer = connect();

        peer.send(ClientFrames.frame(true, 10, "pong".getBytes(UTF_8)));

        assertThat(peer.text()).isEmpty();
        assertThat(recorder.events).containsExactly("open");
    }

    /** Otherwise a peer that pings and never reads would fill our memory with pongs. */
    @Test
    void aPeerThatDoesNotReadItsPongsIsNotAnswered() {
        Connection peer = connect();
        peer.channel().unsafe().outboundBuffer().setUserDefinedWritability(1, false);

        peer.send(ClientFrames.frame(true, 9, new byte[0]));
        assertThat(peer.text()).isEmpty();
        peer.channel().unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        peer.send(ClientFrames.frame(true, 9, new byte[0]));

        assertThat(peer.text()).isEqualTo("\u008a\0");
    }

    @Test
    void textAndBinaryArriveInTheirOrder() {
        Connection peer = connect();

        peer.send(ClientFrames.join(
                ClientFrames.text("4one"), ClientFrames.frame(true, 2, new byte[3]), ClientFrames.text("4two")));

        assertThat(recorder.events).containsExactly("open", "text one", "binary 3", "text two");
    }

    /** The type byte counts. */
    @ParameterizedTest
    @CsvSource({"999, true", "1000, false"})
    void aMessageMayHaveAsManyBytesAsTheOpenPacketSays(int characters, boolean received) {
        Connection peer = connect();

        peer.send(ClientFrames.text("4" + "x".repeat(characters)));

        assertThat(recorder.events.getLast())
                .isEqualTo(received ? "text " + "x".repeat(characters) : "close transport error");
        assertThat(peer.text()).isEqualTo(received ? "" : "\u0088\u0002\u0003\u00f1");
    }

    @ParameterizedTest
    @CsvSource({"1000", "1001", "4999"})
    void aCloseFrameIsAnsweredWithItsCode(int code) {
        Connection peer = connect();

        peer.send(ClientFrames.close(code));

        assertThat(peer.text()).isEqualTo("\u0088\u0002" + (char) (code >>> 8) + (char) (code & 0xFF));
        assertThat(peer.open()).isFalse();
        assertThat(recorder.events).containsExactly("open", "close transport close");
    }

    @Test
    void anEmptyCloseFrameIsAnsweredWithAnEmptyOne() {
        Connection peer = connect();

        peer.send(ClientFrames.frame(true, 8, new byte[0]));

        assertThat(peer.text()).isEqualTo(CLOSE_FRAME);
        assertThat(peer.open()).isFalse();
    }

    @Test
    void nothingIsReadBehindACloseFrame() {
        Connection peer = connect();

        peer.send(ClientFrames.join(
                ClientFrames.text("4before"), ClientFrames.close(1000), ClientFrames.text("4behind")));

        assertThat(recorder.events).containsExactly("open", "text before", "close transport close");
    }

    @Test
    void aViolationIsAnsweredWithItsCodeAndReason() {
        Connection peer = connect();

        peer.send(new byte[] {(byte) 0x81, 1, 'a'});

        assertThat(peer.text()).isEqualTo("\u0088\u001f\u0003\u00eaa client must mask its frames");
        assertThat(recorder.events).containsExactly("open", "close transport error");
    }

    @Test
    void nothingIsReadBehindAViolation() {
        Connection peer = connect();

        peer.send(new byte[] {(byte) 0x81, 1, 'a'}).text();
        peer.send(ClientFrames.text("4behind")).send(ClientFrames.frame(true, 9, new byte[0]));

        assertThat(peer.text()).isEmpty();
        assertThat(recorder.events).containsExactly("open", "close transport error");
    }

    /** Both have sent their close frames: nobody has to wait. */
    @Test
    void thePeersAnswerToOurCloseFrameEndsTheConnection() {
        Connection peer = connect();
        recorder.session().close(CloseReason.FORCED_CLOSE);
        assertThat(peer.text()).isEqualTo(CLOSE_FRAME);
        assertThat(peer.open()).isTrue();

        peer.send(ClientFrames.frame(true, 8, new byte[0]));

        assertThat(peer.text()).isEmpty();
        assertThat(peer.open()).isFalse();
        assertThat(recorder.events).containsExactly("open", "close forced close");
    }

    @Test
    void whatComesBehindOurCloseFrameIsIgnored() {
        Connection peer = connect();
        recorder.session().close(CloseReason.FORCED_CLOSE);
        peer.text();

        peer.send(ClientFrames.text("4late")).send(ClientFrames.frame(true, 9, new byte[0]));

        assertThat(peer.text()).isEmpty();
        assertThat(recorder.events).containsExactly("open", "close forced close");
    }

    @Test
    void aViolationBehindOurCloseFrameEndsTheConnectionAtOnce() {
        Connection peer = connect();
        recorder.session().close(CloseReason.FORCED_CLOSE);
        peer.text();

        peer.send(new byte[] {(byte) 0x81, 1, 'a'});

        assertThat(peer.text()).isEmpty();
        assertThat(peer.open()).isFalse();
    }

    @Test
    void whatWasSentGoesOutBeforeTheCloseFrame() {
        Connection peer = connect();

        recorder.session().send(Message.text("last"));
        recorder.session().close(CloseReason.FORCED_CLOSE);
        recorder.session().send(Message.text("too late"));

        assertThat(peer.text()).isEqualTo("\u0081\u00054last" + CLOSE_FRAME);
    }

    @Test
    void anEndedSessionReadsAgainForThePeersAnswer() {
        Connection peer = connect();
        Session session = recorder.session();
        session.loop().execute(() -> session.reading(false));
        peer.text();
        assertThat(peer.channel().config().isAutoRead()).isFalse();

        session.close(CloseReason.FORCED_CLOSE);
        peer.text();

        assertThat(peer.channel().config().isAutoRead()).isTrue();
    }

    /** A close packet is the end of the session; the WebSocket's own closing follows. */
    @Test
    void aClosePacketEndsTheSession() {
        Connection peer = connect();

        peer.send(ClientFrames.join(ClientFrames.text("1"), ClientFrames.text("4behind")));

        assertThat(recorder.events).containsExactly("open", "close transport close");
        assertThat(peer.text()).isEqualTo(CLOSE_FRAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "5", "6"})
    void packetsThatMeanNothingHereAreIgnored(String packet) {
        Connection peer = connect();

        peer.send(ClientFrames.text(packet)).send(ClientFrames.text("4next"));

        assertThat(recorder.events).containsExactly("open", "text next");
    }

    @Test
    void aConnectionThatIsGoneEndsTheSession() {
        Connection peer = connect();

        peer.close();
        peer.channel().runPendingTasks();

        assertThat(recorder.events).containsExactly("open", "close transport close");
        assertThat(server.sessionCount()).isZero();
    }

    @Test
    void aConnectionThatFailsEndsTheSession() {
        Connection peer = connect();

        peer.channel().pipeline().fireExceptionCaught(new java.io.IOException("reset by the peer"));

        assertThat(peer.open()).isFalse();
        assertThat(recorder.events).containsExactly("open", "close transport close");
    }

    /** It may still read: what it sent before is answered, and then the connection ends. */
    @Test
    void aPeerThatEndsItsStreamIsAnsweredAndTheConnectionEnds() {
        Connection peer = connect();
        peer.send(ClientFrames.text("4last words"));
        recorder.session().send(Message.text("answer"));

        peer.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(peer.text()).isEqualTo("\u0081\u00074answer");
        assertThat(peer.open()).isFalse();
        assertThat(recorder.events).containsExactly("open", "text last words", "close transport close");
    }

    @Test
    void whatFollowsTheEndOfTheStreamIsNotRead() {
        Connection peer = connect();

        peer.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        peer.send(ClientFrames.text("4behind"));

        assertThat(recorder.events).doesNotContain("text behind");
    }

    @Test
    void anyOtherEventOfTheChannelEndsNothing() {
        Connection peer = connect();

        peer.channel().pipeline().fireUserEventTriggered("an event of another handler");
        peer.send(ClientFrames.text("4still here"));

        assertThat(recorder.events).containsExactly("open", "text still here");
    }

    @Test
    void whatWaitsForTheKernelIsCounted() {
        Connection peer = connect();
        Session session = recorder.session();
        assertThat(session.queuedBytes()).isZero();
        peer.kernelFull(true);

        session.send(Message.text("x".repeat(999)));
        peer.channel().runPendingTasks();

        assertThat(session.queuedBytes()).isBetween(1_000L, 1_200L);
        peer.kernelFull(false);
        assertThat(session.queuedBytes()).isZero();
        peer.text();
    }

    @Test
    void aSessionIsWritableAsLongAsItsChannelIs() {
        Connection peer = connect();
        Session session = recorder.session();
        assertThat(session.writable()).isTrue();

        peer.channel().unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        assertThat(session.writable()).isFalse();
        peer.channel().unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        session.close(CloseReason.FORCED_CLOSE);
        peer.text();

        assertThat(session.writable()).as("of a session that has ended").isFalse();
    }

    private Connection connect() {
        Connection connection = new Connection(server);
        connections.add(connection);
        connection.send(upgrade(WEBSOCKET)).text();
        return connection;
    }
}
