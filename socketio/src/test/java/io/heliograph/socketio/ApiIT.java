package io.heliograph.socketio;

import io.heliograph.engineio.ListeningServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Parts of the API that the other suites do not show, seen by the stock client. */
class ApiIT {

    @TestFactory
    Stream<DynamicTest> onTheLoop() throws Exception {
        return run(Callbacks.LOOP);
    }

    @TestFactory
    Stream<DynamicTest> onVirtualThreads() throws Exception {
        return run(Callbacks.VIRTUAL_THREADS);
    }

    private static Stream<DynamicTest> run(Callbacks callbacks) throws Exception {
        SocketIoServer io = SocketIoServer.builder()
                .engine(TestApplication.settings().build())
                .callbacks(callbacks)
                .build();
        List<String> left = Collections.synchronizedList(new ArrayList<>());
        io.of("/").onConnection(socket -> install(io.of("/"), socket, left));
        io.of("/other");
        try (ListeningServer server = io.bind(ProtocolSuiteIT.loopback())) {
            return NodeSuite.run("api", server.address());
        }
    }

    private static void install(Namespace all, Socket socket, List<String> left) {
        List<String> any = Collections.synchronizedList(new ArrayList<>());
        List<String> outgoing = Collections.synchronizedList(new ArrayList<>());
        socket.onDisconnect((reason, rooms) -> left.add(socket.id() + " " + reason.text() + " " + rooms));
        socket.on("join", String.class, (room, ack) -> {
            socket.join(room);
            ack.send();
        });
        socket.on("leave", String.class, (room, ack) -> {
            socket.leave(room);
            ack.send(socket.rooms());
        });
        socket.on("left", (arguments, ack) -> ack.send(List.copyOf(left)));
        socket.on(
                "handshake",
                (arguments, ack) -> ack.send(Map.of(
                        "header", socket.handshake().header("X-Custom").orElse("none"),
                        "query", socket.handshake().query(),
                        "auth", socket.handshake().auth(),
                        "address", socket.handshake().address(),
                        "time", socket.handshake().issued().toEpochMilli(),
                        "secure", socket.handshake().secure(),
                        "xdomain", socket.handshake().xdomain(),
                        "transport", socket.transport().wireName(),
                        "recovered", socket.recovered())));
        socket.on("forget", (arguments, ack) -> {
            socket.eraseCredentials();
            ack.send(socket.auth());
        });
        socket.on("lossy", (arguments, ack) -> {
            socket.asVolatile().emit("number", 1);
            all.to(socket.id()).asVolatile().emit("number", 2);
            ack.send();
        });
        socket.on("plain", (arguments, ack) -> {
            all.to(socket.id()).compress(false).emit("text", "x".repeat(5000));
            socket.compress(false).emit("text", "y".repeat(5000));
        });
        socket.on("others", (arguments, ack) -> {
            socket.broadcast().emit("said", "others");
            all.except("muted").emit("said", "not muted");
            all.in("a", "b").emit("said", "a or b");
            all.emit("said", "all");
        });
        socket.onAny((event, arguments) -> any.add(event));
        socket.onAnyOutgoing((event, arguments) -> outgoing.add(event));
        socket.on("listeners", (arguments, ack) -> {
            socket.emit("outgoing");
            ack.send(List.copyOf(any), List.copyOf(outgoing));
        });
        socket.once("once", (arguments, ack) -> ack.send("first"));
        socket.on("once", (arguments, ack) -> ack.send("again"));
        SocketEventListener removed = (arguments, ack) -> ack.send("removed");
        socket.on("off", removed);
        socket.off("off", removed);
        socket.on("off", (arguments, ack) -> ack.send("kept"));
        socket.on("closeConnection", (arguments, ack) -> socket.closeConnection());
        socket.on("sendAway", (arguments, ack) -> socket.disconnect());
        socket.on("fails", (arguments, ack) -> ack.send(arguments.get(7)));
    }
}
