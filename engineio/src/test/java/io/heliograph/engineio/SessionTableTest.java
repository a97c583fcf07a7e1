package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sessions of a server: how many there may be, who finds them, and how all of them end together. */
class SessionTableTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Recorder recorder = new Recorder();
    private final EngineIoServer server = EngineIoServer.builder(recorder)
            .settings(EngineIoSettings.builder().maxSessions(2).build())
            .build();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void closeConnections() {
        connections.forEach(Connection::close);
    }

    @Test
    void asManySessionsAsTheBoundAreOpened() {
        connect().handshake();
        connect().handshake();
        assertThat(server.sessionCount()).isEqualTo(2);

        assertThat(connect().send(get(POLLING)).text()).startsWith("HTTP/1.1 503 ");

        assertThat(server.sessionCount()).isEqualTo(2);
        assertThat(recorder.sessions).hasSize(2);
    }

    @Test
    void thePlaceOfASessionThatIsOverIsFree() {
        Connection first = connect();
        first.handshake();
        connect().handshake();
        connect().send(get(POLLING)).text();

        cut(recorder.sessions.getFirst());
        first.text();
        assertThat(server.sessionCount()).isEqualTo(1);

        assertThat(connect().send(get(POLLING)).text()).startsWith("HTTP/1.1 200 ");
        assertThat(connect().send(get(POLLING)).text()).startsWith("HTTP/1.1 503 ");
    }

    /** It is closed, and its peer may still fetch its last packets. */
    @Test
    void aSessionThatIsKeptForItsPeerCountsAndIsFound() {
        Connection polling = connect();
        String sid = polling.handshake();

        recorder.session().close(CloseReason.FORCED_CLOSE);
        polling.text();

        assertThat(server.sessionCount()).isEqualTo(1);
        assertThat(server.session(sid)).contains(recorder.session());
        polling.send(get(POLLING + "&sid=" + sid)).text();
        assertThat(server.sessionCount()).isZero();
        assertThat(server.session(sid)).isEmpty();
    }

    @Test
    void aServerWithoutSessionsIsClosedAtOnce() {
        assertThat(server.close(LONG).toCompletableFuture()).isCompleted();
    }

    @Test
    void closingWaitsForTheLastSession() {
        Connection first = connect();
        String one = first.handshake();
        Connection second = connect();
        String two = second.handshake();
        recorder.sessions.forEach(session -> session.send(Message.text("last")));

        CompletableFuture<Void> closed = server.close(LONG).toCompletableFuture();

        assertThat(first.send(get(POLLING + "&sid=" + one)).body()).isEqualTo("4last");
        assertThat(first.send(get(POLLING + "&sid=" + one)).body()).isEqualTo("1");
        assertThat(closed).isNotDone();
        assertThat(second.send(get(POLLING + "&sid=" + two)).body()).isEqualTo("4last");
        assertThat(closed).isNotDone();
        assertThat(second.send(get(POLLING + "&sid=" + two)).body()).isEqualTo("1");
        assertThat(closed).isCompleted();
        assertThat(recorder.events)
                .containsExactly("open", "open", "close server shutting down", "close server shutting down");
    }

    @Test
    void closingAgainWaitsToo() {
        Connection polling = connect();
        String sid = polling.handshake();

        CompletableFuture<Void> first = server.close(LONG).toCompletableFuture();
        CompletableFuture<Void> second = server.close(LONG).toCompletableFuture();
        polling.text();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        polling.send(get(POLLING + "&sid=" + sid)).text();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void atTheDeadlineTheRestIsCut() {
        Connection polling = connect();
        String sid = polling.handshake();
        recorder.session().send(Message.text("never fetched"));

        CompletableFuture<Void> closed = server.close(Duration.ofMillis(1)).toCompletableFuture();
        await().until(closed::isDone);
        polling.text();

        assertThat(closed).isCompleted();
        assertThat(server.sessionCount()).isZero();
        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).contains("Session ID unknown");
    }

    @Test
    void aServerThatIsClosedSaysSoAlsoWhenItIsFull() {
        connect().handshake();
        connect().handshake();
        server.close(LONG);

        assertThat(connect().send(get(POLLING)).text())
                .startsWith("HTTP/1.1 503 ")
                .contains("shutting down");
    }

    @Test
    void everySessionHasAnIdOfItsOwn() {
        String one = connect().handshake();
        String two = connect().handshake();

        assertThat(one).hasSize(20).isNotEqualTo(two);
        assertThat(server.session(one)).contains(recorder.sessions.getFirst());
        assertThat(server.session(two)).contains(recorder.sessions.getLast());
        assertThat(recorder.session().toString())
                .as("an id is a secret")
                .contains(two.substring(0, 4))
                .doesNotContain(two.substring(0, 5));
    }

    private static void cut(Session session) {
        session.loop().execute(((EngineSession) session)::cut);
    }

    private Connection connect() {
        Connection connection = new Connection(server);
        connections.add(connection);
        return connection;
    }
}
