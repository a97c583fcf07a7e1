package io.heliograph.socketio;

import io.heliograph.engineio.ListeningServer;
import java.time.Clock;
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

    @TestFactory
    Stream<DynamicTest> clientsOfEarlierReleases() throws Exception {
        SocketIoServer io = TestApplication.create(Callbacks.LOOP);
        try (ListeningServer server = io.bind(ProtocolSuiteIT.loopback())) {
            return NodeSuite.run("older-clients", server.address());
        }
    }

    @TestFactory
    Stream<DynamicTest> withMessagePack() throws Exception {
        SocketIoServer io = TestApplication.install(SocketIoServer.builder()
                .engine(TestApplication.settings().build())
                .parser(Parser.messagePack(ParserLimits.defaults()))
                .recovery(new TestApplication.Log())
                .build());
        try (ListeningServer server = io.bind(ProtocolSuiteIT.loopback())) {
            return NodeSuite.run("messagepack", server.address());
        }
    }

    @TestFactory
    Stream<DynamicTest> withRecoveryFromMemory() throws Exception {
        SocketIoServer io = TestApplication.install(SocketIoServer.builder()
                .engine(TestApplication.settings().build())
                .recovery(new InMemoryRecovery(Clock.systemUTC()))
                .build());
        try (ListeningServer server = io.bind(ProtocolSuiteIT.loopback())) {
            return NodeSuite.run("recovery", server.address());
        }
    }

    private static Stream<DynamicTest> run(Callbacks callbacks) throws Exception {
        SocketIoServer io = TestApplication.create(callbacks);
        try (ListeningServer server = io.bind(ProtocolSuiteIT.loopback())) {
            return NodeSuite.run("stock-client", server.address());
        }
    }
}
