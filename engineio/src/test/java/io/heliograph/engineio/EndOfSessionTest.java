package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session ends from our side, and its peer gets what was sent before that and hears of it, wherever it stands. */
class EndOfSessionTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final String CLOSE_FRAME = "\u0088\0";

    private final Recorder recorder = new Recorder();
    private final EngineIoServer server = EngineIoServer.builder(recorder).build();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(server.sessionCount()).as("sessions").isZero();
        connections.forEach(Connection::close);
        for (SessionLoop loop : server.loops()) {
            assertThat(loop.timers()).as("timers").isZero();
        }
    }

    /** A stock client would hand the events on after the end of their connection, and get them again by recovery. */
    @Test
    void whatStillWaitsGoesOutBeforeTheClosePacketInAResponseOfItsOwn() {
        Connection connection = connect();
        String sid = connection.handshake();
        String poll = get(POLLING + "&sid=" + sid);
        recorder.session().send(Message.text("one"));
        recorder.session().send(Message.text("two"));

        recorder.session().close(CloseReason.FORCED_CLOSE);

        assertThat(connection.send(poll).body()).isEqualTo("4one\u001e4two");
        assertThat(connection.send(poll).body()).isEqualTo("1");
        assertThat(connection.send(poll).body()).contains("Session ID unknown");
        assertThat(recorder.events).containsExactly("open", "close forced close");
    }

    @Test
    void aWaitingPollIsAnsweredWithTheClosePacketAtOnce() {
        Connection connection = connect();
        String sid = connection.handshake();
        connection.send(get(POLLING + "&sid=" + sid));

        recorder.session().close(CloseReason.FORCED_CLOSE);

        assertThat(connection.body()).isEqualTo("1");
        assertThat(server.sessionCount()).isZero();
    }

    /** The answer with the close packet may still be on its way to the kernel: the end is sent once. */
    @Test
    void aGetBehindTheOneThatBroughtTheEndIsRefused() {
        Connection polling = connect();
        String sid = polling.handshake();
        String poll = get(POLLING + "&sid=" + sid);
        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();
        polling.kernelFull(true);
        polling.send(poll);

        assertThat(connect().send(poll).body()).contains("Session ID unknown");

        polling.kernelFull(false);
        assertThat(polling.body()).isEqualTo("1");
        assertThat(server.sessionCount()).isZero();
    }

    @Test
    void aClosedSessionThatNobodyFetchesIsForgottenAfterTheCloseTimeout() {
        Connection connection = connect();
        connection.handshake();
        recorder.session().send(Message.text("news"));
        recorder.session().close(CloseReason.FORCED_CLOSE);

        connection.live(Duration.ofSeconds(29));
        assertThat(server.sessionCount()).isEqualTo(1);
        connection.live(Duration.ofSeconds(2));

        assertThat(server.sessionCount()).isZero();
    }

    @Test
    void aPeerThatPostsBeforeItKnowsStillGetsItsLastPackets() {
        Connection connection = connect();
        String sid = connection.handshake();
        recorder.session().send(Message.text("last"));
        recorder.session().close(CloseReason.SERVER_SHUTTING_DOWN);
        connection.text();

        assertThat(connection.send(post(POLLING + "&sid=" + sid, "4too late")).body())
                .isEqualTo("ok");

        assertThat(connection.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4last");
        assertThat(connection.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("1");
        assertThat(recorder.events).containsExactly("open", "close server shutting down");
    }

    @Test
    void aPostThatIsUnderWayIsNotRefused() {
        Connection posting = connect();
        String sid = posting.handshake();
        String post = post(POLLING + "&sid=" + sid, "4too late");
        posting.send(post.substring(0, post.length() - 3));
        recorder.session().send(Message.text("last"));
        recorder.session().close(CloseReason.FORCED_CLOSE);
        posting.text();

        assertThat(posting.send(post.substring(post.length() - 3)).body()).isEqualTo("ok");

        assertThat(posting.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4last");
        assertThat(posting.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("1");
    }

    @Test
    void aPeerThatLeavesByItselfMeanwhileIsNotWaitedFor() {
        Connection connection = connect();
        String sid = connection.handshake();
        recorder.session().close(CloseReason.SERVER_SHUTTING_DOWN);

        assertThat(connection.send(post(POLLING + "&sid=" + sid, "4bye\u001e1")).body())
                .isEqualTo("ok");
        connection.live(Duration.ofSeconds(2));

        assertThat(server.sessionCount()).isZero();
    }

    /** Over two connections a GET may be on the way while the close packet is; Node answers it with a noop. */
    @Test
    void aGetThatComesRightBehindThePeersCloseIsAnsweredOnceWithANoop() {
        Connection connection = connect();
        String sid = connection.handshake();
        recorder.session().send(Message.text("too late"));

        assertThat(connection.send(post(POLLING + "&sid=" + sid, "1")).body()).isEqualTo("ok");

        assertThat(connection.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("6");
        assertThat(connection.send(get(POLLING + "&sid=" + sid)).body()).contains("Session ID unknown");
        assertThat(recorder.events).containsExactly("open", "close transport close");
    }

    @Test
    void aGetThatWaitsWhenThePeerClosesIsAnsweredWithANoopAndNoOtherIsWaitedFor() {
        Connection polling = connect();
        String sid = polling.handshake();
        polling.send(get(POLLING + "&sid=" + sid));
        Connection posting = connect();

        posting.send(post(POLLING + "&sid=" + sid, "1"));

        assertThat(polling.body()).isEqualTo("6");
        assertThat(posting.body()).isEqualTo("ok");
        assertThat(server.sessionCount()).isZero();
    }

    /** From the probe's answer on a stock client does not poll any more: closing its WebSocket would leave it nothing. */
    @Test
    void whoIsAboutToUpgradeGetsTheLastPacketsOnTheWebSocket() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = probe(sid);
        recorder.session().send(Message.text("last"));

        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();

        assertThat(webSocket.text()).isEmpty();
        assertThat(webSocket.send(ClientFrames.text("5")).text()).endsWith("4last" + CLOSE_FRAME);
        assertThat(server.sessionCount()).isZero();
        assertThat(recorder.events).containsExactly("open", "close forced close");
    }

    @Test
    void whoIsAboutToUpgradeAndStillPollsGetsTheLastPacketsThereAndTheEndOnTheWebSocket() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        webSocket.send(ClientFrames.text("2probe")).text();
        polling.send(get(POLLING + "&sid=" + sid));
        recorder.session().send(Message.text("last"));

        recorder.session().close(CloseReason.FORCED_CLOSE);

        assertThat(polling.body()).isEqualTo("4last");
        assertThat(webSocket.text()).isEmpty();
        assertThat(webSocket.send(ClientFrames.text("5")).text()).isEqualTo(CLOSE_FRAME);
    }

    @Test
    void whoHasProbedAndGoesOnPollingGetsAllThere() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = probe(sid);
        recorder.session().send(Message.text("last"));

        recorder.session().close(CloseReason.FORCED_CLOSE);

        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4last");
        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("1");
        assertThat(webSocket.text()).isEqualTo(CLOSE_FRAME);
    }

    @Test
    void whoHasProbedAndFallsSilentIsGivenUp() {
        Connection polling = connect();
        Connection webSocket = probe(polling.handshake());

        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.live(Duration.ofSeconds(11));
        assertThat(webSocket.text()).isEqualTo(CLOSE_FRAME);
        polling.live(Duration.ofSeconds(31));
        webSocket.text();

        assertThat(webSocket.open()).isFalse();
    }

    @Test
    void aWebSocketThatHasNotProbedYetIsClosedAndPollingBringsTheRest() {
        Connection polling = connect();
        String sid = polling.handshake();
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        webSocket.text();
        recorder.session().send(Message.text("last"));

        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();

        assertThat(webSocket.send(ClientFrames.text("2probe")).text()).isEqualTo(CLOSE_FRAME);
        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4last");
        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("1");
    }

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
