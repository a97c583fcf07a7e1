package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One socket: its listeners, its acknowledgements, its end. */
class SocketTest {

    private final Clients clients = new Clients(Loops.ONE_FOR_ALL);
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void aListenerForOneEventIsCalledOnce() {
        Connected client = clients.connect();
        client.socket().once("ping", (arguments, ack) -> heard.add("once"));
        client.socket().on("ping", (arguments, ack) -> heard.add("always"));

        client.peer().send("2[\"ping\"]").send("2[\"ping\"]");

        assertThat(heard).containsExactly("once", "always", "always");
    }

    @Test
    void removingOneListenerKeepsTheOthers() {
        Connected client = clients.connect();
        SocketEventListener removed = (arguments, ack) -> heard.add("removed");
        client.socket().on("ping", removed);
        client.socket().on("ping", (arguments, ack) -> heard.add("kept"));
        client.socket().on("other", removed);

        client.socket().off("ping", removed);
        client.peer().send("2[\"ping\"]").send("2[\"other\"]");
        client.socket().off("ping");
        client.peer().send("2[\"ping\"]");

        assertThat(heard).containsExactly("kept", "removed");
    }

    @Test
    void removingAllListenersOfOneEventKeepsThoseOfOthers() {
        Connected client = clients.connect();
        client.socket().on("one", (arguments, ack) -> heard.add("one"));
        client.socket().on("two", (arguments, ack) -> heard.add("two"));

        client.socket().off("one");
        client.peer().send("2[\"one\"]").send("2[\"two\"]");

        assertThat(heard).containsExactly("two");
    }

    @Test
    void removingOneListenerOfEveryEventKeepsTheOthers() {
        Connected client = clients.connect();
        AnyListener removed = (event, arguments) -> heard.add("removed");
        client.socket().onAny(removed);
        client.socket().onAny((event, arguments) -> heard.add("in " + event));
        client.socket().onAnyOutgoing(removed);
        client.socket().onAnyOutgoing((event, arguments) -> heard.add("out " + event));

        client.socket().offAny(removed);
        client.socket().offAnyOutgoing(removed);
        client.peer().send("2[\"ping\"]");
        client.socket().emit("pong");

        assertThat(heard).containsExactly("in ping", "out pong");
    }

    @Test
    void whatGoesOutIsHeardForQuestionsToo() {
        Connected client = clients.connect();
        client.socket().onAnyOutgoing((event, arguments) -> heard.add(event + arguments.get(0)));

        client.socket().emitWithAck("question", 7);

        assertThat(heard).containsExactly("question7");
    }

    @Test
    void aReservedNameIsNotEmitted() {
        Connected client = clients.connect();

        for (String name : List.of("connect", "connect_error", "disconnect", "disconnecting")) {
            for (Runnable emit : List.<Runnable>of(
                    () -> client.socket().emit(name),
                    () -> client.socket().emitWithAck(name),
                    () -> clients.main().prepare(name),
                    () -> clients.main().prepare(name, new byte[0], "1"))) {
                assertThatThrownBy(emit::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("\"" + name + "\" is a reserved event name, choose another");
            }
        }
        assertThat(client.received()).isEmpty();
    }

    @Test
    void anyListenersComeFirstAndUnhandledOnesOnlyWithoutAListener() {
        Connected client = clients.connect();
        AnyListener any = (event, arguments) -> heard.add("any " + event);
        client.socket().onAny(any);
        client.socket().onUnhandled((event, arguments, ack) -> heard.add("unhandled " + event));
        client.socket().on("known", (arguments, ack) -> heard.add("known"));

        client.peer().send("2[\"known\"]").send("2[\"unknown\"]");
        client.socket().offAny(any);
        client.peer().send("2[\"known\"]");

        assertThat(heard).containsExactly("any known", "known", "any unknown", "unhandled unknown", "known");
    }

    @Test
    void anEventIsAcknowledgedOnceAndOnlyWhenTheClientAsks() {
        Connected client = clients.connect();
        client.socket().on("ask", (arguments, ack) -> {
            heard.add("requested " + ack.requested());
            ack.send(1);
            ack.send(2);
        });

        client.peer().send("27[\"ask\"]").send("2[\"ask\"]");

        assertThat(client.received()).containsExactly("37[1]");
        assertThat(heard).containsExactly("requested true", "requested false");
    }

    @Test
    void anAcknowledgementAfterTheEndIsIgnored() {
        Connected client = clients.connect();
        List<Ack> acks = new ArrayList<>();
        client.socket().on("ask", (arguments, ack) -> acks.add(ack));
        client.peer().send("27[\"ask\"]").send("1");

        acks.getFirst().send("late");

        assertThat(client.received()).isEmpty();
    }

    @Test
    void anAwaitedAnswerThatIsLateFailsAndIsThenIgnored() {
        Connected client = clients.connect();
        CompletableFuture<Arguments> answer = client.socket()
                .timeout(Duration.ofSeconds(1))
                .emitWithAck("question")
                .toCompletableFuture();
        String id = ackId(client);

        client.peer().live(Duration.ofMillis(900), false);
        assertThat(answer).isNotDone();
        client.peer().live(Duration.ofMillis(200), false);

        assertFailed(answer, "operation has timed out");
        client.peer().send("3" + id + "[1]").send("2[\"still here\"]");
        assertThat(client.peer().open()).isTrue();
    }

    @Test
    void anAnswerInTimeEndsTheTimeout() {
        Connected client = clients.connect();
        CompletableFuture<Arguments> answer = client.socket()
                .timeout(Duration.ofSeconds(1))
                .emitWithAck("question")
                .toCompletableFuture();
        client.peer().send("3" + ackId(client) + "[5]");

        client.peer().live(Duration.ofSeconds(2), false);

        assertThat(answer.join().get(0, Integer.class)).isEqualTo(5);
    }

    @Test
    void awaitedAnswersFailWhenTheSocketLeaves() {
        Connected client = clients.connect();
        CompletableFuture<Arguments> answer =
                client.socket().emitWithAck("question").toCompletableFuture();
        client.received();

        client.peer().send("1");

        assertFailed(answer, "socket has been disconnected");
    }

    @Test
    void askingASocketThatHasLeftFailsAtOnce() {
        Connected client = clients.connect();
        client.peer().send("1");

        CompletableFuture<Arguments> answer =
                client.socket().emitWithAck("question").toCompletableFuture();
        clients.run();

        assertFailed(answer, "socket has been disconnected");
    }

    @Test
    void nothingIsEmittedBeforeTheSocketIsConnected() {
        List<Throwable> failures = new ArrayList<>();
        clients.main().use((socket, next) -> {
            for (Runnable emit : List.<Runnable>of(
                    () -> socket.emit("early"),
                    () -> socket.emitWithAck("early"),
                    () -> socket.send(clients.main().prepare("early")))) {
                try {
                    emit.run();
                } catch (IllegalStateException e) {
                    failures.add(e);
                }
            }
            next.proceed();
        });

        assertThat(clients.peer().send("0").received())
                .singleElement()
                .asString()
                .startsWith("0{");
        assertThat(failures).hasSize(3);
    }

    @Test
    void whatIsEmittedAfterTheEndHasNoEffect() {
        Connected client = clients.connect();
        client.peer().send("1");

        client.socket().emit("late");
        client.socket().send(clients.main().prepare("late"));

        assertThat(client.received()).isEmpty();
    }

    @Test
    void disconnectingComesAfterWhatWasSentBefore() {
        Connected client = clients.connect();

        client.socket().emit("last");
        client.socket().disconnect();
        client.socket().emit("too late");

        assertThat(client.received()).containsExactly("2[\"last\"]", "1");
        assertThat(client.peer().open()).isTrue();
    }

    @Test
    void disconnectingWithCloseTellsEveryNamespaceOfTheSession() {
        clients.io()
                .of("/chat")
                .onConnection(socket -> socket.onDisconnect((reason, rooms) -> heard.add("chat: " + reason.text())));
        Connected client = clients.connect();
        client.socket().onDisconnect((reason, rooms) -> heard.add("main: " + reason.text()));
        client.peer().send("0/chat,").received();

        client.socket().disconnect(true);

        assertThat(client.received()).containsExactlyInAnyOrder("1", "1/chat,");
        assertThat(heard)
                .containsExactlyInAnyOrder("main: server namespace disconnect", "chat: server namespace disconnect");
    }

    @Test
    void closingTheConnectionTellsTheClientNothing() {
        Connected client = clients.connect();
        client.socket().onDisconnect((reason, rooms) -> heard.add(reason.text()));

        client.socket().emit("last");
        client.socket().closeConnection();

        assertThat(client.received()).containsExactly("2[\"last\"]");
        assertThat(heard).containsExactly("forced close");
    }

    @Test
    void itsEndIsToldWithTheRoomsThatItWasIn() {
        Connected client = clients.connect();
        client.socket().join("red", "blue");
        client.socket().onDisconnect((reason, rooms) -> heard.add(reason.text() + rooms));

        client.peer().send("1");

        assertThat(heard).containsExactly("client namespace disconnect[red, blue]");
        assertThat(client.socket().connected()).isFalse();
    }

    @Test
    void everyActionForTheEndRunsOnceAlsoWhenTheSocketIsGoneAlready() {
        Connected client = clients.connect();
        client.socket().onClosed(() -> heard.add("first"));
        client.socket().onClosed(() -> heard.add("second"));
        clients.run();

        client.peer().send("1");
        client.socket().onClosed(() -> heard.add("third"));
        clients.run();

        assertThat(heard).containsExactly("first", "second", "third");
    }

    @Test
    void anActionForTheEndRunsForAClientThatWasRejected() {
        clients.main().use((socket, next) -> {
            socket.onClosed(() -> heard.add("closed"));
            next.reject(ConnectError.of("no"));
        });

        clients.peer().send("0");

        assertThat(heard).containsExactly("closed");
    }

    @Test
    void dataIsKeptByType() {
        Socket socket = clients.connect().socket();

        assertThat(socket.data(String.class)).isEmpty();
        socket.data("ann");

        assertThat(socket.data(String.class)).contains("ann");
        assertThat(socket.data(Integer.class)).isEmpty();
    }

    @Test
    void itsHandshakeIsTheRequestAndTheAuth() {
        Instant issued = Instant.parse("2026-11-29T12:00:00Z");
        try (Clients fixed =
                new Clients(Loops.ONE_FOR_ALL, builder -> builder.clock(Clock.fixed(issued, ZoneOffset.UTC)))) {
            List<Socket> sockets = new ArrayList<>();
            fixed.main().onConnection(sockets::add);
            fixed.peer().send("0{\"token\":\"secret\"}");
            Socket socket = sockets.getFirst();

            SocketHandshake handshake = socket.handshake();

            assertThat(handshake.url()).isEqualTo("/socket.io/?EIO=4&transport=websocket");
            assertThat(handshake.query()).containsExactly(Map.entry("EIO", "4"), Map.entry("transport", "websocket"));
            assertThat(handshake.headers()).containsEntry("host", List.of("example.org"));
            assertThat(handshake.header("Host")).contains("example.org");
            assertThat(handshake.header("Origin")).isEmpty();
            assertThat(handshake.xdomain()).isFalse();
            assertThat(handshake.secure()).isFalse();
            assertThat(handshake.issued()).isEqualTo(issued);
            assertThat(handshake.auth()).isEqualTo(socket.auth()).hasToString("{\"token\":\"secret\"}");
            assertThat(handshake.toString()).doesNotContain("secret", "example.org");
            socket.eraseCredentials();
            assertThat(socket.handshake().auth()).isEmpty();
        }
    }

    private static String ackId(Connected client) {
        String question = client.received().getLast();
        return question.substring(1, question.indexOf('['));
    }

    private static void assertFailed(CompletableFuture<?> answer, String message) {
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(AckException.class)
                .hasMessage(message);
    }
}
