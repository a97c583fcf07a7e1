package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.engineio.MessageBytes;
import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a broadcast does besides choosing sockets: encoding, flags, acknowledgements, actions. */
class BroadcastTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @EnumSource
    void anEventIsEncodedOnceForAllReceivers(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<Connected> all = clients.connect(5);
            Counted counted = new Counted();

            clients.main().emit("counted", counted);
            all.get(0).socket().broadcast().emit("counted", counted);

            assertThat(counted.written).isEqualTo(2);
            assertThat(all.get(0).received()).containsExactly("2[\"counted\",{\"number\":1}]");
            assertThat(all.subList(1, 5))
                    .allSatisfy(one -> assertThat(one.received()).hasSize(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void listenersOfWhatGoesOutHearBroadcastsThatReachTheirSocket(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<String> heard = new ArrayList<>();
            Connected one = clients.connect();
            Connected other = clients.connect();
            AnyListener listener = (event, arguments) -> heard.add(event + arguments.get(0));
            one.socket().onAnyOutgoing(listener);

            clients.main().emit("all", 1);
            one.socket().broadcast().emit("others", 2);
            one.socket().emit("alone", 3);
            clients.run();
            one.socket().offAnyOutgoing(listener);
            clients.main().emit("all", 4);
            clients.run();

            assertThat(heard).containsExactlyInAnyOrder("all1", "alone3");
            assertThat(other.received()).hasSize(3);
        }
    }

    @Test
    void anUncompressedEventIsMarked() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            Namespace main = clients.main();

            assertThat(main.encoder().encode(Packet.NO_ACK, "big", List.of(), Flags.NONE))
                    .allMatch(MessageBytes::compressible);
            assertThat(main.encoder().encode(Packet.NO_ACK, "big", List.of(), Flags.NONE.withCompress(false)))
                    .noneMatch(MessageBytes::compressible);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBroadcastAckCompletesWithTheAnswerOfEach(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<Connected> all = clients.connect(3);
            CompletableFuture<List<Arguments>> answers = clients.main()
                    .except(all.get(2).id())
                    .timeout(SECOND)
                    .emitWithAck("question")
                    .toCompletableFuture();

            answer(all.get(0), 10);
            assertThat(answers).isNotDone();
            answer(all.get(1), 11);

            assertThat(all.get(2).received()).isEmpty();
            assertThat(answers.join().stream().map(answer -> answer.get(0, Integer.class)))
                    .containsExactlyInAnyOrder(10, 11);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBroadcastAckFailsWhenOneIsLate(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<Connected> all = clients.connect(2);
            CompletableFuture<List<Arguments>> answers =
                    clients.main().timeout(SECOND).emitWithAck("question").toCompletableFuture();
            answer(all.get(0), 1);

            all.get(1).peer().live(Duration.ofMillis(900), false);
            assertThat(answers).isNotDone();
            all.get(1).peer().live(Duration.ofMillis(200), false);

            assertFailed(answers, "operation has timed out");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBroadcastAckFailsWhenOneLeaves(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<Connected> all = clients.connect(2);
            CompletableFuture<List<Arguments>> answers =
                    clients.main().timeout(SECOND).emitWithAck("question").toCompletableFuture();
            answer(all.get(0), 1);
            assertThat(answers).isNotDone();

            all.get(1).peer().send("1");

            assertFailed(answers, "socket has been disconnected");
        }
    }

    @Test
    void aBroadcastAckWithoutATimeoutIsAMistake() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            clients.connect();

            assertThatThrownBy(() -> clients.main().to("room").emitWithAck("question"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("timeout");
        }
    }

    @Test
    void nobodyThereMeansNoAnswers() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            assertThat(clients.main().timeout(SECOND).emitWithAck("question").toCompletableFuture())
                    .isCompletedWithValue(List.of());
        }
    }

    /** Middleware may join rooms; a socket that is not admitted yet is neither asked nor found. */
    @ParameterizedTest
    @EnumSource
    void aSocketThatIsStillConnectingIsNeitherAskedNorFound(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            Connected member = clients.connect();
            member.socket().join("team");
            clients.main().use((socket, next) -> socket.join("team"));
            Peer waiting = clients.peer().send("0");

            CompletableFuture<List<Arguments>> answers = clients.main()
                    .to("team")
                    .timeout(SECOND)
                    .emitWithAck("question")
                    .toCompletableFuture();
            answer(member, 1);

            assertThat(answers.join()).hasSize(1);
            assertThat(clients.main()
                            .to("team")
                            .fetchSockets()
                            .toCompletableFuture()
                            .join())
                    .extracting(RemoteSocket::id)
                    .containsExactly(member.id());
            assertThat(waiting.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void actionsOnASelectionReachItsSocketsOnly(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<Connected> all = clients.connect(3);
            all.get(0).socket().join("team");

            clients.main().to("team", all.get(1).id()).socketsJoin("red", "blue");
            clients.main().in("red").except("team").socketsLeave("blue");
            assertThat(all.get(0).socket().rooms()).containsExactlyInAnyOrder("team", "red", "blue");
            assertThat(all.get(1).socket().rooms()).containsExactly("red");
            assertThat(all.get(2).socket().rooms()).isEmpty();
            clients.main().to("blue").disconnectSockets(false);

            assertThat(all.get(0).received()).containsExactly("1");
            assertThat(all.get(1).received()).isEmpty();
            assertThat(all.get(0).peer().open()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectingWithCloseEndsTheSession(Loops loops) {
        try (Clients clients = new Clients(loops)) {
            List<Connected> all = clients.connect(2);

            clients.main().to(all.get(0).id()).disconnectSockets(true);
            all.get(0).received();
            all.get(0).peer().live(Duration.ofSeconds(31), true);

            assertThat(all.get(0).peer().open()).isFalse();
            assertThat(all.get(1).peer().open()).isTrue();
            assertThat(clients.main().sockets()).hasSize(1);
        }
    }

    @Test
    void aReservedNameIsNotBroadcast() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            assertThatThrownBy(() -> clients.main().emit("disconnect")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> clients.main().timeout(SECOND).emitWithAck("connect"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void answer(Connected client, int number) {
        String question = client.received().getLast();
        client.peer().send("3" + question.substring(1, question.indexOf('[')) + "[" + number + "]");
    }

    private static void assertFailed(CompletableFuture<?> answers, String message) {
        assertThatThrownBy(answers::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(AckException.class)
                .hasMessage(message);
    }

    /** Counts how often it is written. */
    public static final class Counted {
        private int written;

        public int getNumber() {
            written++;
            return 1;
        }
    }
}
