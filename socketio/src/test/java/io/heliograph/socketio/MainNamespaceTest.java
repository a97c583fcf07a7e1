package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said to the server itself is said to the main namespace, as with Node's {@code io}. Ann and Bob are in red. */
class MainNamespaceTest {

    private final Hub hub = new Hub();
    private final Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.adapter(hub.newAdapter()));
    private final SocketIoServer io = clients.io();

    @AfterEach
    void close() {
        clients.close();
        hub.close();
    }

    private final Connected ann = clients.connect();
    private final Connected bob = clients.connect();
    private final Connected cid = clients.connect();

    MainNamespaceTest() {
        ann.socket().join("red");
        bob.socket().join("red");
        clients.run();
    }

    @Test
    void listenersAndMiddlewareAreThoseOfTheMainNamespace() {
        List<String> seen = new ArrayList<>();
        io.use((socket, next) -> {
                    seen.add("middleware of " + socket.namespace().name());
                    next.proceed();
                })
                .onConnection(
                        socket -> seen.add("listener of " + socket.namespace().name()));
        io.of("/other");

        clients.peer().send("0").send("0/other,").received();

        assertThat(seen).containsExactly("middleware of /", "listener of /");
    }

    @Test
    void everySelectionIsOfTheMainNamespace() {
        assertReached(io -> io.emit("x"), "2[\"x\"]", ann, bob, cid);
        assertReached(io -> io.to("red").emit("x"), "2[\"x\"]", ann, bob);
        assertReached(io -> io.to(List.of("red", cid.id())).emit("x"), "2[\"x\"]", ann, bob, cid);
        assertReached(io -> io.in("red").emit("x"), "2[\"x\"]", ann, bob);
        assertReached(io -> io.except("red").emit("x"), "2[\"x\"]", cid);
        assertReached(io -> io.asVolatile().emit("x"), "2[\"x\"]", ann, bob, cid);
        assertReached(io -> io.compress(false).emit("x"), "2[\"x\"]", ann, bob, cid);
        assertReached(io -> io.local().emit("x"), "2[\"x\"]", ann, bob, cid);
    }

    @Test
    void volatileEventsAreDroppedForWhoIsNotWritable() {
        ann.peer().writable(false);

        io.asVolatile().emit("x");

        assertThat(bob.received()).containsExactly("2[\"x\"]");
        ann.peer().writable(true);
        assertThat(ann.received()).isEmpty();
    }

    @Test
    void answersAreAwaitedWithATimeout() {
        CompletableFuture<List<Arguments>> answers = io.timeout(Duration.ofSeconds(1))
                .to("red")
                .local()
                .emitWithAck("well?")
                .toCompletableFuture();

        assertThat(ann.received()).containsExactly("20[\"well?\"]");
        ann.peer().send("30[1]");
        bob.peer().send("30[2]");

        assertThat(answers.join())
                .extracting(answer -> answer.get(0, Integer.class))
                .containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void allSocketsJoinLeaveAreFetchedAndDisconnected() {
        io.socketsJoin("blue");
        clients.run();
        assertThat(cid.socket().rooms()).containsExactly("blue");
        io.socketsLeave("red");
        clients.run();
        assertThat(ann.socket().rooms()).containsExactly("blue");
        assertThat(io.fetchSockets().toCompletableFuture().join())
                .extracting(RemoteSocket::id)
                .containsExactlyInAnyOrder(ann.id(), bob.id(), cid.id());

        io.disconnectSockets(false);
        assertThat(ann.received()).containsExactly("1");
        assertThat(ann.peer().open()).isTrue();
        clients.connect();
        io.disconnectSockets(true);
        clients.run();
        assertThat(io.of("/").sockets()).isEmpty();
    }

    @Test
    void serversTalkOverTheMainNamespace() {
        SocketIoServer other =
                SocketIoServer.builder().adapter(hub.newAdapter()).build();
        List<String> noted = new ArrayList<>();
        other.onServerSideEmit("note", (arguments, ack) -> {
            noted.add(arguments.get(0, String.class));
            ack.send("noted");
        });

        io.serverSideEmit("note", "one");
        List<Arguments> answers =
                io.serverSideEmitWithAck("note", "two").toCompletableFuture().join();

        assertThat(noted).containsExactly("one", "two");
        assertThat(answers).extracting(answer -> answer.get(0, String.class)).containsExactly("noted");
    }

    private void assertReached(Consumer<SocketIoServer> call, String packet, Connected... reached) {
        call.accept(io);
        for (Connected client : List.of(ann, bob, cid)) {
            assertThat(client.received()).isEqualTo(List.of(reached).contains(client) ? List.of(packet) : List.of());
        }
    }
}
