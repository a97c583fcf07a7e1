package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.EngineIoServer;
import io.heliograph.engineio.EngineIoSettings;
import io.heliograph.engineio.ListeningServer;
import io.heliograph.engineio.Message;
import io.heliograph.engineio.Session;
import io.heliograph.engineio.SessionHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The cases of the official protocol test suites, from Node. */
class ProtocolSuiteIT {

    @TestFactory
    Stream<DynamicTest> engineIo() throws Exception {
        EngineIoServer engine = EngineIoServer.builder(Echo::new)
                .settings(EngineIoSettings.builder()
                        .pingInterval(Duration.ofMillis(300))
                        .pingTimeout(Duration.ofMillis(1000))
                        .upgradeTimeout(Duration.ofMillis(1000))
                        .build())
                .build();
        try (ListeningServer server = engine.bind(loopback())) {
            return NodeSuite.run("engine-protocol", server.address());
        }
    }

    @TestFactory
    Stream<DynamicTest> socketIo() throws Exception {
        SocketIoServer io = SocketIoServer.builder()
                .engine(TestApplication.settings().build())
                .connectTimeout(Duration.ofMillis(500))
                .callbacks(Callbacks.LOOP)
                .build();
        io.of("/").onConnection(ProtocolSuiteIT::install);
        io.of("/custom").onConnection(ProtocolSuiteIT::install);
        try (ListeningServer server = io.bind(loopback())) {
            return NodeSuite.run("socketio-protocol", server.address());
        }
    }

    private static void install(Socket socket) {
        socket.emit("auth", socket.auth());
        socket.on(
                "message",
                (arguments, ack) -> socket.emit(
                        "message-back", TestApplication.all(arguments).toArray()));
        socket.on(
                "message-with-ack",
                (arguments, ack) -> ack.send(TestApplication.all(arguments).toArray()));
    }

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private record Echo(Session session) implements SessionHandler {
        @Override
        public void onText(byte[] utf8) {
            session.send(Message.text(utf8));
        }

        @Override
        public void onBinary(byte[] bytes) {
            session.send(Message.binary(bytes));
        }

        @Override
        public void onClose(CloseReason reason) {}
    }
}
