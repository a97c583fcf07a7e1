package io.heliograph.socketio;

import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The recorded packets are still what the npm packages produce. */
class GoldenIT {

    @TestFactory
    Stream<DynamicTest> theRecordingIsUpToDate() throws Exception {
        // The suite has a server of its own, Node's.
        return NodeSuite.run("golden", InetSocketAddress.createUnresolved("localhost", 1));
    }
}
