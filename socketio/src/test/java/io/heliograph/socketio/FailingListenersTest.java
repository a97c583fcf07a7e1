package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.engineio.EngineIoSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What listeners, middleware and recovery throw is reported, and costs their own client at most. */
class FailingListenersTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();

    @Test
    void anErrorOfAConnectionListenerEndsThatSession() {
        SocketIoServer io = server(builder -> {});
        io.of("/").onConnection(socket -> {
            if (socket.auth().has("boom")) {
                throw new StackOverflowError("as from application code");
            }
        });

        try (Peer failing = new Peer(io);
                Peer other = new Peer(io)) {
            failing.send("0{\"boom\":1}");
            other.send("0");
            failing.live(Duration.ofSeconds(31), true);

            assertThat(failing.open()).isFalse();
            assertThat(other.received()).anyMatch(packet -> packet.startsWith("0{"));
            assertThat(reports).containsExactly("/ a connection listener: StackOverflowError");
            assertThat(io.of("/").sockets()).hasSize(1);
        }
    }

    @Test
    void anExceptionOfAListenerIsReportedAndTheSocketGoesOn() {
        SocketIoServer io = server(builder -> {});
        io.of("/").onConnection(socket -> {
            socket.on("bad", (arguments, ack) -> {
                throw new IllegalStateException("as from application code");
            });
            socket.on("good", (arguments, ack) -> ack.send("fine"));
        });

        try (Peer peer = new Peer(io)) {
            peer.send("0").received();
            peer.send("2[\"bad\"]").send("21[\"good\"]");

            assertThat(peer.received()).containsExactly("31[\"fine\"]");
            assertThat(reports).containsExactly("/ a listener: IllegalStateException");
        }
    }

    @Test
    void anErrorOfMiddlewareRefusesTheClient() {
        SocketIoServer io = server(builder -> {});
        io.of("/").use((socket, next) -> {
            throw new NoClassDefFoundError("as from application code");
        });

        try (Peer peer = new Peer(io)) {
            assertThat(peer.send("0").received()).containsExactly("4{\"message\":\"Internal error\"}");
        }
    }

    @Test
    void recoveryThatThrowsRefusesTheClientAtOnce() {
        SocketIoServer io = server(builder -> builder.recovery(new ThrowingRecovery()));

        try (Peer peer = new Peer(io)) {
            assertThat(peer.send("0").received()).containsExactly("4{\"message\":\"Internal error\"}");
            assertThat(reports).containsExactly("/ recovery: IllegalStateException");
        }
    }

    @Test
    void anErrorOnAVirtualThreadDoesNotMakeASocketDeaf() {
        SocketIoServer io = server(builder -> builder.callbacks(Callbacks.VIRTUAL_THREADS));
        List<String> heard = new CopyOnWriteArrayList<>();
        io.of("/").onConnection(socket -> {
            socket.on("say", (arguments, ack) -> {
                heard.add(arguments.get(0, String.class));
                if (heard.size() == 1) {
                    throw new StackOverflowError("as from application code");
                }
            });
            socket.onDisconnect((reason, rooms) -> heard.add("left: " + reason.text()));
        });

        try (Peer peer = new Peer(io)) {
            peer.send("0");
            await().until(() -> {
                peer.runTasks();
                return io.of("/").sockets().size() == 1;
            });
            peer.send("2[\"say\",\"one\"]");
            await().until(() -> {
                peer.runTasks();
                return heard.contains("left: transport error");
            });
        }
    }

    @Test
    void settingsOfTheEngineKeepThePathOfSocketIo() {
        EngineIoSettings settings =
                EngineIoSettings.builder().pingInterval(Duration.ofSeconds(7)).build();

        assertThat(server(builder -> builder.engine(settings)).engine().path()).isEqualTo("/socket.io/");
        assertThat(server(builder -> builder.engine(
                                EngineIoSettings.builder().path("/live").build()))
                        .engine()
                        .path())
                .isEqualTo("/live/");
    }

    private SocketIoServer server(Consumer<SocketIoServer.Builder> choices) {
        SocketIoServer.Builder builder = SocketIoServer.builder()
                .callbacks(Callbacks.LOOP)
                .observer(new SocketIoObserver() {
                    @Override
                    public void callbackFailed(String namespace, String callback, Throwable failure) {
                        reports.add(namespace + " " + callback + ": "
                                + failure.getClass().getSimpleName());
                    }
                });
        choices.accept(builder);
        return builder.build();
    }

    private static final class ThrowingRecovery implements Recovery {
        @Override
        public CompletionStage<Outcome> recover(Request request) {
            throw new IllegalStateException("as from application code");
        }
    }
}
