package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a peer sends behind its request for a WebSocket while that is still being decided. */
class EarlyFramesTest {

    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";
    private static final int BOUND = 64 * 1024;

    private final Recorder recorder = new Recorder();
    private final CompletableFuture<HandshakeGate.Verdict> verdict = new CompletableFuture<>();
    private final EngineIoServer server =
            EngineIoServer.builder(recorder).gate(handshake -> verdict).build();
    private final Connection connection = new Connection(server);

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void framesThatComeBeforeTheDecisionAreTakenInTheirOrder() {
        connection.send(upgrade(WEBSOCKET)).send(ClientFrames.text("4one"));
        byte[] two = ClientFrames.text("4two");
        connection.send(Arrays.copyOf(two, 3));
        connection.send(Arrays.copyOfRange(two, 3, two.length));
        assertThat(recorder.events).isEmpty();

        verdict.complete(new HandshakeGate.Allowed());
        connection.text();
        connection.send(ClientFrames.text("4three"));

        assertThat(recorder.events).containsExactly("open", "text one", "text two", "text three");
    }

    @Test
    void readingPausesOnlyWhenTheyPassTheBound() {
        connection.send(upgrade(WEBSOCKET));

        connection.send(new byte[BOUND / 2]);
        connection.send(new byte[BOUND / 2]);
        assertThat(connection.channel().config().isAutoRead()).isTrue();
        connection.send(new byte[1]);

        assertThat(connection.channel().config().isAutoRead()).isFalse();
    }

    @Test
    void readingGoesOnWhenTheWebSocketIsThere() {
        connection.send(upgrade(WEBSOCKET));
        connection.send(ClientFrames.text("4" + "x".repeat(BOUND)));
        assertThat(connection.channel().config().isAutoRead()).isFalse();

        verdict.complete(new HandshakeGate.Allowed());
        connection.text();

        assertThat(connection.channel().config().isAutoRead()).isTrue();
        assertThat(recorder.events).containsExactly("open", "text " + "x".repeat(BOUND));
    }

    @Test
    void framesBehindARequestThatIsRefusedAreDropped() {
        connection.send(upgrade(WEBSOCKET)).send(ClientFrames.text("4one"));

        verdict.complete(new HandshakeGate.Refused("no"));

        assertThat(connection.text()).startsWith("HTTP/1.1 403 ");
        assertThat(recorder.events).isEmpty();
        assertThat(connection.open()).isFalse();
    }
}
