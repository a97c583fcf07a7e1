package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.engineio.ListeningServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Two nodes, connected by the adapter port. */
class ClusterIT {

    @TestFactory
    Stream<DynamicTest> stockClientsOfTwoNodesMeet() throws Exception {
        try (Hub hub = new Hub();
                ListeningServer one = node(hub, "one").bind(ProtocolSuiteIT.loopback());
                ListeningServer two = node(hub, "two").bind(ProtocolSuiteIT.loopback())) {
            return NodeSuite.run(
                    "cluster",
                    one.address(),
                    Map.of("OTHER_URL", "http://127.0.0.1:" + two.address().getPort()));
        }
    }

    @Test
    void serversTalkToEachOther() throws Exception {
        try (Hub hub = new Hub()) {
            SocketIoServer one = node(hub, "one");
            SocketIoServer two = node(hub, "two");
            SocketIoServer three = node(hub, "three");
            for (SocketIoServer io : List.of(one, two, three)) {
                io.of("/")
                        .onServerSideEmit(
                                "add",
                                (arguments, ack) -> ack.send(
                                        arguments.get(0, Integer.class) + arguments.get(1, Integer.class),
                                        new byte[] {1}));
            }

            List<Arguments> answers = get(one.of("/").serverSideEmitWithAck("add", 19, 23));

            assertThat(answers).hasSize(2).allSatisfy(answer -> {
                assertThat(answer.get(0, Integer.class)).isEqualTo(42);
                assertThat(answer.get(1, byte[].class)).containsExactly(1);
            });
        }
    }

    @Test
    void aNodeThatDoesNotAnswerFailsTheRequest() {
        try (Hub hub = new Hub()) {
            SocketIoServer one = node(hub, "one");
            node(hub, "two").of("/").onServerSideEmit("ask", (arguments, ack) -> {});

            assertThatThrownBy(() -> get(one.of("/").serverSideEmitWithAck("ask")))
                    .hasCauseInstanceOf(AckException.class);
        }
    }

    @Test
    void aMessageThatMakesNoSenseIsReportedAndNothingElse() throws Exception {
        try (Hub hub = new Hub()) {
            SocketIoServer one = node(hub, "one");
            node(hub, "two");
            hub.inject(new byte[] {(byte) 0xC1, 1, 2, 3});

            assertThat(get(one.of("/").fetchSockets())).isEmpty();
        }
    }

    @Test
    void withoutAnAdapterAServerIsAlone() throws Exception {
        SocketIoServer io = SocketIoServer.builder().build();

        io.of("/").serverSideEmit("nobody hears this");

        assertThat(get(io.of("/").serverSideEmitWithAck("ask"))).isEmpty();
    }

    static SocketIoServer node(Hub hub, String name) {
        SocketIoServer io = SocketIoServer.builder()
                .engine(TestApplication.settings().build())
                .adapter(hub.newAdapter())
                .adapterTimeout(Duration.ofMillis(500))
                .build();
        io.of("/")
                .onServerSideEmit(
                        "shout", (arguments, ack) -> io.of("/").local().emit("heard", name));
        io.of("/").onConnection(socket -> install(io.of("/"), socket));
        return io;
    }

    private static void install(Namespace all, Socket socket) {
        socket.data(Map.of("name", "socket " + socket.id()));
        socket.on("join", String.class, (room, ack) -> {
            socket.join(room);
            ack.send();
        });
        socket.on(
                "tell",
                (arguments, ack) -> all.to(arguments.get(0, String.class)).emit("news", arguments.get(1)));
        socket.on("tellOthers", (arguments, ack) -> socket.broadcast().emit("news", arguments.get(0)));
        socket.on("tellHere", (arguments, ack) -> all.local().emit("news", arguments.get(0)));
        socket.on(
                "askAll",
                (arguments, ack) -> all.timeout(Duration.ofSeconds(5))
                        .emitWithAck("question", arguments.get(0))
                        .thenAccept(answers -> ack.send(
                                answers.stream().map(answer -> answer.get(0)).toList())));
        socket.on(
                "sockets",
                (arguments, ack) -> all.fetchSockets()
                        .thenAccept(sockets -> ack.send(sockets.stream()
                                .map(other -> Map.of("id", other.id(), "rooms", other.rooms(), "data", other.data()))
                                .toList())));
        socket.on("everyoneJoin", String.class, (room, ack) -> all.socketsJoin(room));
        socket.on("everyoneLeave", String.class, (room, ack) -> all.socketsLeave(room));
        socket.on("sendAway", String.class, (id, ack) -> all.to(id).disconnectSockets(false));
        socket.on("shout", (arguments, ack) -> all.serverSideEmit("shout"));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
