package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands, batches and their bounds on a loop that runs when it is told to. */
class SessionLoopTest {
    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final int MAX_OUTBOUND = 1_000;

    private final Recorder recorder = new Recorder();
    private final EngineIoServer server = EngineIoServer.builder(recorder)
            .settings(EngineIoSettings.builder().maxOutboundBytes(MAX_OUTBOUND).build())
            .build();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void closeConnections() {
        connections.forEach(Connection::close);
    }

    @Test
    void commandsBeyondThoseOfOneTurnRunInTheNextOnesInOrder() {
        Connection connection = connect();
        connection.handshake();
        SessionLoop loop = recorder.session().loop();
        List<Integer> ran = new ArrayList<>();
        List<Integer> ranBeforeOtherTasks = new ArrayList<>();

        for (int i = 0; i < 10_000; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.eventLoop().execute(() -> ranBeforeOtherTasks.add(ran.size()));
        connection.text();

        assertThat(ran).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
        assertThat(ranBeforeOtherTasks).as("a turn ends after 4,096").containsExactly(4_096);
        assertThat(loop.queuedCommands()).isZero();
    }

    @Test
    void whatIsSentByMoreCommandsThanOneTurnRunsArrivesInOrder() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        connection.text();
        Session session = recorder.session();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 9_000; i++) {
            session.send(Message.text(String.valueOf(i)));
            expected.append('4').append(i).append(' ');
        }

        String received =
                connection.text().replaceAll("\u0081[\\x00-\\x1F]", " ").strip() + " ";

        assertThat(received).isEqualTo(expected.toString());
    }

    /** What waits counts 498 bytes; the next batch may bring it to the bound and not over. */
    @ParameterizedTest
    @CsvSource({"497, true", "498, false"})
    void aPollingSessionEndsWhenWhatWaitsWouldPassItsBound(int characters, boolean open) {
        Connection connection = connect();
        connection.handshake();
        Session session = recorder.session();
        session.send(Message.text("x".repeat(496)));
        connection.text();

        session.send(Message.text("x".repeat(characters)));
        connection.text();

        assertThat(session.open()).isEqualTo(open);
        assertThat(recorder.events).endsWith(open ? "open" : "close slow consumer");
    }

    @Test
    void aWebSocketSessionEndsWhenWhatWaitsWouldPassItsBound() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        connection.text();
        Session session = recorder.session();
        connection.kernelFull(true);
        session.send(Message.text("x".repeat(400)));
        connection.text();
        assertThat(session.open()).isTrue();

        session.send(Message.text("x".repeat(700)));
        connection.text();

        assertThat(recorder.events).containsExactly("open", "close slow consumer");
        assertThat(connection.open()).isFalse();
    }

    @Test
    void oneMessageOverTheBoundIsSentWhenNothingWaits() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        connection.text();

        recorder.session().send(Message.text("x".repeat(5 * MAX_OUTBOUND)));

        assertThat(connection.text()).endsWith("x".repeat(5 * MAX_OUTBOUND));
        assertThat(recorder.session().open()).isTrue();
    }

    @Test
    void drainedWaitsForTheKernel() {
        Connection connection = connect().send(upgrade(WEBSOCKET));
        connection.text();
        Session session = recorder.session();
        connection.kernelFull(true);
        session.send(Message.text("news"));

        CompletableFuture<Boolean> drained = session.drained().toCompletableFuture();
        connection.text();
        assertThat(drained).isNotDone();
        connection.kernelFull(false);

        assertThat(drained).isCompletedWithValue(true);
    }

    @Test
    void drainedThatIsPendingAtAnUpgradeWaitsForTheWebSocket() {
        Connection polling = connect();
        String sid = polling.handshake();
        Session session = recorder.session();
        session.send(Message.text("news"));
        CompletableFuture<Boolean> drained = session.drained().toCompletableFuture();
        Connection webSocket = connect().send(upgrade(WEBSOCKET + "&sid=" + sid));
        polling.text();
        webSocket.send(ClientFrames.text("2probe")).text();
        webSocket.kernelFull(true);

        webSocket.send(ClientFrames.text("5"));
        polling.text();
        assertThat(drained).isNotDone();
        webSocket.kernelFull(false);

        assertThat(drained).isCompletedWithValue(true);
        assertThat(webSocket.text()).endsWith("4news");
    }

    @Test
    void drainedThatIsPendingWhenTheSessionEndsTellsSo() {
        Connection polling = connect();
        polling.handshake();
        Session session = recorder.session();
        session.send(Message.text("news"));
        CompletableFuture<Boolean> drained = session.drained().toCompletableFuture();
        polling.text();
        assertThat(drained).isNotDone();

        session.close(CloseReason.FORCED_CLOSE);
        polling.text();

        assertThat(drained).isCompletedWithValue(false);
    }

    @Test
    void drainedCompletesWithThePollThatTakesWhatWaits() {
        Connection polling = connect();
        String sid = polling.handshake();
        Session session = recorder.session();
        session.send(Message.text("news"));
        CompletableFuture<Boolean> drained = session.drained().toCompletableFuture();
        polling.text();
        assertThat(drained).isNotDone();

        assertThat(polling.send(get(POLLING + "&sid=" + sid)).body()).isEqualTo("4news");

        assertThat(drained).isCompletedWithValue(true);
    }

    private Connection connect() {
        Connection connection = new Connection(server);
        connections.add(connection);
        return connection;
    }
}
