package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session's GETs and POSTs. Source: engine.io-protocol v4, "HTTP long-polling". */
class PollingTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";

    private final Recorder recorder = new Recorder();
    private final EngineIoServer server = EngineIoServer.builder(recorder).build();
    private final List<Connection> connections = new ArrayList<>();

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
    void theOpenPacketHasIdAndSettings() {
        String body = connect().send(get(POLLING)).body();

        assertThat(body)
                .isEqualTo("0{\"sid\":\"" + recorder.session().id() + "\",\"upgrades\":[\"websocket\"],"
                        + "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
    }

    @Test
    void whatIsSentBetweenTwoPollsComesWithTheSecondInItsOrder() {
        Connection polling = connect();
        String poll = poll(polling);
        Session session = recorder.session();
        session.send(Message.text("one"));
        session.send(Message.binary(new byte[] {1, 2, 3, 4}));
        session.send(Message.text("two"));

        assertThat(polling.send(poll).body()).isEqualTo("4one\u001ebAQIDBA==\u001e4two");
        polling.send(poll);
        assertThat(polling.text()).as("nothing comes twice").isEmpty();
    }

    @Test
    void aPollThatWaitsIsAnsweredByTheFirstMessagesAndAnsweredOnce() {
        Connection polling = connect();
        String poll = poll(polling);
        Session session = recorder.session();
        polling.send(poll);
        session.send(Message.text("one"));
        session.send(Message.text("two"));

        assertThat(polling.body()).as("those of one turn together").isEqualTo("4one\u001e4two");
        session.send(Message.text("three"));
        assertThat(polling.text()).isEmpty();
        assertThat(polling.send(poll).body()).isEqualTo("4three");
    }

    /** With their separators: four and its three letters, b and its four. */
    @Test
    void whatWaitsIsCountedAsItIsSent() {
        Connection polling = connect();
        String poll = poll(polling);
        Session session = recorder.session();

        session.send(Message.text("abc"));
        session.send(Message.binary(new byte[3]));
        polling.text();
        assertThat(session.queuedBytes()).isEqualTo(5 + 6);
        polling.send(poll);

        assertThat(session.queuedBytes()).isZero();
    }

    @Test
    void aSessionIsWritableWhileAPollWaits() {
        Connection polling = connect();
        String poll = poll(polling);
        Session session = recorder.session();
        assertThat(session.writable()).isFalse();

        polling.send(poll);
        assertThat(session.writable()).isTrue();
        session.send(Message.text("news"));
        polling.text();

        assertThat(session.writable()).isFalse();
    }

    @Test
    void aSessionWithNothingToSendIsDrained() {
        Connection polling = connect();
        polling.handshake();

        CompletableFuture<Boolean> drained = recorder.session().drained().toCompletableFuture();
        polling.text();

        assertThat(drained).isCompletedWithValue(true);
    }

    @Test
    void aSessionThatHasEndedIsNotDrained() {
        Connection polling = connect();
        polling.handshake();
        recorder.session().close(CloseReason.FORCED_CLOSE);

        CompletableFuture<Boolean> drained = recorder.session().drained().toCompletableFuture();
        polling.text();

        assertThat(drained).isCompletedWithValue(false);
    }

    /** The server has ended the session; its peer, who did not know, ends it too and fetches nothing. */
    @Test
    void aClosePacketBehindOurEndForgetsTheSession() {
        Connection polling = connect();
        String sid = polling.handshake();
        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();

        assertThat(polling.send(post(POLLING + "&sid=" + sid, "4late\u001e1")).text())
                .isNotEmpty();

        assertThat(server.sessionCount()).isZero();
        assertThat(recorder.events).containsExactly("open", "close forced close");
    }

    @Test
    void twoPollsAtOnceEndTheSession() {
        Connection polling = connect();
        String poll = poll(polling);
        polling.send(poll);

        String second = connect().send(poll).body();

        assertThat(second).contains("Bad request");
        assertThat(recorder.events).containsExactly("open", "close transport error");
        assertThat(polling.body()).as("the first").isEqualTo("1");
        assertThat(server.sessionCount()).isZero();
    }

    @Test
    void twoPostsAtOnceEndTheSession() {
        Connection first = connect();
        String sid = first.handshake();
        String post = post(POLLING + "&sid=" + sid, "4one");
        first.send(post.substring(0, post.length() - 1));

        String second = connect().send(post(POLLING + "&sid=" + sid, "4two")).body();
        String answer = first.send(post.substring(post.length() - 1)).body();

        assertThat(second).contains("Bad request");
        assertThat(answer).contains("Bad request");
        assertThat(recorder.events).containsExactly("open", "close transport error");
    }

    @Test
    void aPollAndAPostAreServedAtTheSameTime() {
        Connection polling = connect();
        String poll = poll(polling);
        String sid = recorder.session().id();
        polling.send(poll);

        assertThat(connect().send(post(POLLING + "&sid=" + sid, "4hello")).body())
                .isEqualTo("ok");
        recorder.session().send(Message.text("hello you"));

        assertThat(polling.body()).isEqualTo("4hello you");
        assertThat(recorder.events).containsExactly("open", "text hello");
    }

    /** The messages are there, but a peer whose POST is not answered sends no more. */
    @Test
    void aPostIsAnsweredWhenTheSessionTakesInputAgain() {
        Connection posting = connect();
        String sid = posting.handshake();
        Session session = recorder.session();
        session.loop().execute(() -> session.reading(false));
        posting.text();
        posting.send(post(POLLING + "&sid=" + sid, "4one"));
        assertThat(posting.text()).isEmpty();
        assertThat(recorder.events).containsExactly("open", "text one");

        session.loop().execute(() -> session.reading(true));

        assertThat(posting.body()).isEqualTo("ok");
        assertThat(posting.send(post(POLLING + "&sid=" + sid, "4two")).body()).isEqualTo("ok");
    }

    @Test
    void aPostBesideOneThatIsHeldEndsTheSession() {
        Connection posting = connect();
        String sid = posting.handshake();
        Session session = recorder.session();
        session.loop().execute(() -> session.reading(false));
        posting.text();
        posting.send(post(POLLING + "&sid=" + sid, "4one")).text();

        String second = connect().send(post(POLLING + "&sid=" + sid, "4two")).body();

        assertThat(second).contains("Bad request");
        assertThat(posting.body()).as("the one that was held").isEqualTo("ok");
        assertThat(recorder.events).containsExactly("open", "text one", "close transport error");
    }

    @Test
    void aHeldPostIsAnsweredWhenTheServerEndsTheSession() {
        Connection posting = connect();
        String sid = posting.handshake();
        Session session = recorder.session();
        session.loop().execute(() -> session.reading(false));
        posting.text();
        posting.send(post(POLLING + "&sid=" + sid, "4one")).text();

        session.close(CloseReason.FORCED_CLOSE);

        assertThat(posting.body()).isEqualTo("ok");
    }

    @Test
    void aPollWhoseConnectionIsGoneEndsTheSession() {
        Connection polling = connect();
        polling.send(poll(polling));

        polling.close();
        polling.channel().runPendingTasks();

        assertThat(recorder.events).containsExactly("open", "close transport error");
        assertThat(server.sessionCount()).isZero();
    }

    @Test
    void aPostWhoseConnectionIsGoneEndsTheSession() {
        Connection posting = connect();
        String sid = posting.handshake();
        String post = post(POLLING + "&sid=" + sid, "4never");
        posting.send(post.substring(0, post.length() - 1));

        posting.close();
        posting.channel().runPendingTasks();

        assertThat(recorder.events).containsExactly("open", "close transport error");
    }

    @Test
    void aHeldPostWhoseConnectionIsGoneEndsTheSession() {
        Connection posting = connect();
        String sid = posting.handshake();
        Session session = recorder.session();
        session.loop().execute(() -> session.reading(false));
        posting.text();
        posting.send(post(POLLING + "&sid=" + sid, "4one")).text();

        posting.close();
        posting.channel().runPendingTasks();

        assertThat(recorder.events).containsExactly("open", "text one", "close transport error");
    }

    @Test
    void aConnectionThatGoesBetweenRequestsEndsNothing() {
        Connection first = connect();
        String sid = first.handshake();

        first.close();
        first.channel().runPendingTasks();

        assertThat(recorder.session().open()).isTrue();
        assertThat(server.session(sid)).contains(recorder.session());
    }

    /** Each message before the bad packet counts, and the answer comes behind the replies to them. */
    @Test
    void aBadPacketEndsTheSessionBehindTheOnesBeforeIt() {
        Connection posting = connect();
        String sid = posting.handshake();

        posting.send(post(POLLING + "&sid=" + sid, "4one\u001e4two\u001ex\u001e4three"));
        posting.text();

        assertThat(recorder.events).containsExactly("open", "text one", "text two", "close parse error");
    }

    @ParameterizedTest
    @EnumSource(CloseReason.class)
    void whetherTheLastPacketsAreKeptDependsOnWhoEndedTheSession(CloseReason reason) {
        boolean kept = reason == CloseReason.FORCED_CLOSE
                || reason == CloseReason.SERVER_SHUTTING_DOWN
                || reason == CloseReason.SLOW_CONSUMER;
        Connection polling = connect();
        String poll = poll(polling);
        recorder.session().close(reason);
        polling.text();

        String last = polling.send(poll).body();

        if (kept) {
            assertThat(last).isEqualTo("1");
        } else {
            assertThat(last).contains("Session ID unknown");
        }
    }

    /** It did not fetch what was sent in time; the close packet is all that it is told. */
    @Test
    void aSlowPeerIsToldTheEndAndNothingElse() {
        Connection polling = connect();
        String poll = poll(polling);
        recorder.session().send(Message.text("missed"));
        recorder.session().close(CloseReason.SLOW_CONSUMER);
        polling.text();

        assertThat(polling.send(poll).body()).isEqualTo("1");
    }

    @Test
    void aSessionThatIsKeptForItsLastPacketsGoesAtTheCloseTimeout() {
        Connection polling = connect();
        String poll = poll(polling);
        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();

        polling.live(Duration.ofMillis(29_900));
        assertThat(server.sessionCount()).isEqualTo(1);
        polling.live(Duration.ofMillis(200));

        assertThat(server.sessionCount()).isZero();
        assertThat(polling.send(poll).body()).contains("Session ID unknown");
    }

    /** A GET may be under way over another connection when the close packet comes. */
    @Test
    void theLastPollOfAPeerThatClosedIsAwaitedForASecond() {
        Connection polling = connect();
        String sid = polling.handshake();
        polling.send(post(POLLING + "&sid=" + sid, "1")).text();

        polling.live(Duration.ofMillis(900));
        assertThat(server.sessionCount()).isEqualTo(1);
        polling.live(Duration.ofMillis(200));

        assertThat(server.sessionCount()).isZero();
    }

    private String poll(Connection polling) {
        return get(POLLING + "&sid=" + polling.handshake());
    }

    private Connection connect() {
        Connection connection = new Connection(server);
        connections.add(connection);
        return connection;
    }
}
