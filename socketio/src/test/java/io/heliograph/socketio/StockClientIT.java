package io.heliograph.socketio;

import io.heliograph.engineio.ListeningServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The npm {@code socket.io-client} against the stand-alone server. */
class StockClientIT {

    @TestFactory
    Stream<DynamicTest> standAloneWithCallbacksOnTheLoop() throws Exception {
        return run(Callbacks.LOOP);
    }

    @TestFactory
    Stream<DynamicTest> standAloneWithCallbacksOnVirtualThreads() throws Exception {
        return run(Callbacks.VIRTUAL_THREADS);
    }

    private static Stream<DynamicTest> run(Callbacks callbacks) throws Exception {
        SocketIoServer io = TestApplication.create(callbacks);
        try (ListeningServer server = io.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return NodeSuite.run("stock-client", server.address());
        }
    }
}
