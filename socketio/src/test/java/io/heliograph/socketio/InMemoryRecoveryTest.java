package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client gets that comes back to a server which keeps events in memory, on a clock that stands still. */
class InMemoryRecoveryTest {

    private final ManualClock clock = new ManualClock();
    private final SocketIoServer io = SocketIoServer.builder()
            .callbacks(Callbacks.LOOP)
            .recovery(new InMemoryRecovery(clock, Duration.ofMinutes(2), 4, 2))
            .build();
    private final List<Peer> peers = new ArrayList<>();

    @AfterEach
    void close() {
        peers.forEach(Peer::close);
    }

    @Test
    void itsRoomsItsIdAndEveryEventThatItMissed() {
        io.of("/").onConnection(socket -> {
            if (!socket.recovered()) {
                socket.join("team");
            }
        });
        Answer first = connect("{}");
        first.peer.close();
        io.of("/").to("team").emit("news", 1);
        io.of("/").to("others").emit("news", 2);
        io.of("/").emit("news", 3);

        Answer second = connect(claim(first, offset(first.events)));

        assertThat(second.json.path("sid").asString())
                .isEqualTo(first.json.path("sid").asString());
        assertThat(second.json.path("pid").asString())
                .isEqualTo(first.json.path("pid").asString());
        assertThat(second.events).containsExactly("2[\"news\",1,\"2\"]", "2[\"news\",3,\"4\"]");
        io.of("/").to("team").emit("news", 4);
        assertThat(second.peer.received()).containsExactly("2[\"news\",4,\"5\"]");
    }

    @Test
    void anEventThatCannotBeWrittenFailsItsEmitAndLeavesNoGap() {
        Answer first = connect("{}");
        first.peer.close();
        io.of("/").emit("news", 1);

        assertThatThrownBy(() -> io.of("/").emit("bad", new Unwritable())).isInstanceOf(RuntimeException.class);
        io.of("/").emit("news", 2);

        Answer second = connect(claim(first, offset(first.events)));
        assertThat(recovered(first, second)).isTrue();
        assertThat(second.events).containsExactly("2[\"news\",1,\"2\"]", "2[\"news\",2,\"3\"]");
    }

    @Test
    void whatIsReplayedIsWhatWasSent() {
        Answer first = connect("{}");
        first.peer.close();
        List<Integer> numbers = new ArrayList<>(List.of(1));
        io.of("/").emit("news", numbers);
        numbers.add(2);

        assertThat(connect(claim(first, offset(first.events))).events).containsExactly("2[\"news\",[1],\"2\"]");
    }

    @Test
    void anOffsetThatIsNotKeptAnyMoreStartsAnew() {
        Answer first = connect("{}");
        first.peer.close();
        for (int i = 0; i < 4; i++) {
            io.of("/").emit("news", i);
        }

        assertThat(recovered(first, connect(claim(first, offset(first.events)))))
                .isFalse();
    }

    @Test
    void anOffsetIsTakenOnlyAsItWasGiven() {
        Answer first = connect("{}");
        first.peer.close();
        for (String bad : List.of("01", "+1", "-1", "2", "", "1.0", "zzzzzzzzzzzzzzzzzzzz")) {
            assertThat(recovered(first, connect(claim(first, bad)))).as(bad).isFalse();
        }

        assertThat(recovered(first, connect(claim(first, "1")))).isTrue();
    }

    @Test
    void whoIsAwayForLongerThanTheWindowStartsAnew() {
        Answer first = connect("{}");
        first.peer.close();
        clock.now = clock.now.plusSeconds(119);
        io.of("/").emit("news", 1);
        clock.now = clock.now.plusSeconds(2);

        assertThat(recovered(first, connect(claim(first, offset(first.events)))))
                .isFalse();
    }

    @Test
    void ofThoseWhoLeftTheOldestIsForgottenFirst() {
        Answer one = connect("{}");
        Answer two = connect("{}");
        Answer three = connect("{}");
        String offset = offset(three.events);
        List.of(one, two, three).forEach(answer -> answer.peer.close());

        assertThat(recovered(one, connect(claim(one, offset)))).isFalse();
        assertThat(recovered(two, connect(claim(two, offset)))).isTrue();
        assertThat(recovered(three, connect(claim(three, offset)))).isTrue();
    }

    @Test
    void aClaimServesOnce() {
        Answer first = connect("{}");
        first.peer.close();

        assertThat(recovered(first, connect(claim(first, offset(first.events)))))
                .isTrue();
        assertThat(recovered(first, connect(claim(first, offset(first.events)))))
                .isFalse();
    }

    @Test
    void aClientThatLeftOnPurposeOrWasSentAwayStartsAnew() {
        Answer left = connect("{}");
        left.peer.send("1");
        Answer disconnected = connect("{}");
        io.of("/").sockets().values().forEach(Socket::disconnect);
        disconnected.peer.received();

        assertThat(recovered(left, connect(claim(left, offset(left.events))))).isFalse();
        assertThat(recovered(disconnected, connect(claim(disconnected, offset(disconnected.events)))))
                .isFalse();
    }

    @Test
    void whatWasSentToItsIdAndItsDataComeBackAndWhatExceptedItDoesNot() {
        io.of("/").onConnection(socket -> {
            if (!socket.recovered()) {
                socket.data("ann");
                socket.join("team");
            }
        });
        Answer first = connect("{}");
        String id = first.json.path("sid").asString();
        first.peer.close();
        io.of("/").to(id).emit("private", 1);
        io.of("/").except("team").emit("others", 2);
        io.of("/").to("team").except(id).emit("others", 3);

        Answer second = connect(claim(first, offset(first.events)));

        assertThat(second.events).containsExactly("2[\"private\",1,\"2\"]");
        Socket socket = io.of("/").find(id).orElseThrow();
        assertThat(socket.data(String.class)).contains("ann");
        assertThat(socket.rooms()).containsExactly("team");
        assertThat(socket.recovered()).isTrue();
    }

    @Test
    void anotherNamespacesPidRecoversNothing() {
        io.of("/chat");
        Answer first = connect("{}");
        first.peer.close();
        Peer peer = new Peer(io);
        peers.add(peer);

        List<String> answer =
                peer.send("0/chat," + claim(first, offset(first.events))).received();

        assertThat(answer)
                .singleElement()
                .asString()
                .doesNotContain(first.json.path("pid").asString());
    }

    @Test
    void ofTheEventsTheOldestIsForgottenFirst() {
        Answer first = connect("{}");
        first.peer.close();
        for (int i = 0; i < 3; i++) {
            io.of("/").emit("news", i);
        }

        Answer second = connect(claim(first, offset(first.events)));

        assertThat(recovered(first, second)).isTrue();
        assertThat(second.events).hasSize(3);
    }

    @Test
    void whatIsVolatileIsNotKeptAndHasNoOffset() {
        Answer first = connect("{}");
        io.of("/").asVolatile().emit("lossy");
        assertThat(first.peer.received()).containsExactly("2[\"lossy\"]");
        first.peer.close();
        io.of("/").asVolatile().emit("lossy");

        assertThat(connect(claim(first, offset(first.events))).events).isEmpty();
    }

    /** The disconnection is older than the window, the client's offset is not. */
    @Test
    void aDepartureIsForgottenAfterTheWindowThoughEventsAreKept() {
        Answer first = connect("{}");
        first.peer.close();
        clock.now = clock.now.plusSeconds(119);
        io.of("/").emit("news", 1);
        clock.now = clock.now.plusSeconds(2);

        assertThat(recovered(first, connect(claim(first, "2")))).isFalse();
    }

    /** Events between the decision and the answer push out what the client has missed. */
    @Test
    void aGapThatOpensAfterTheDecisionClosesTheConnection() {
        InMemoryRecovery memory = new InMemoryRecovery(clock, Duration.ofMinutes(2), 4, 2);
        List<Runnable> betweenDecisionAndAnswer = new ArrayList<>();
        SocketIoServer server = SocketIoServer.builder()
                .callbacks(Callbacks.LOOP)
                .recovery(new Recovery() {
                    @Override
                    public CompletionStage<Outcome> recover(Request request) {
                        CompletionStage<Outcome> decided = memory.recover(request);
                        betweenDecisionAndAnswer.forEach(Runnable::run);
                        return decided;
                    }

                    @Override
                    public void disconnected(Disconnection disconnection) {
                        memory.disconnected(disconnection);
                    }

                    @Override
                    public void emit(Emission emission, Dispatch dispatch) {
                        memory.emit(emission, dispatch);
                    }
                })
                .build();
        Peer first = new Peer(server);
        peers.add(first);
        JsonNode answer = JsonMapper.shared()
                .readTree(first.send("0").received().getFirst().substring(1));
        server.of("/").emit("hello");
        String offset = offset(first.received());
        first.close();
        betweenDecisionAndAnswer.add(() -> {
            for (int i = 0; i < 5; i++) {
                server.of("/").emit("news", i);
            }
        });
        Peer second = new Peer(server);
        peers.add(second);

        List<String> received = second.send("0" + claim(new Answer(first, answer, List.of()), offset))
                .received();

        assertThat(received).noneMatch(packet -> packet.startsWith("2"));
        assertThat(server.of("/").sockets()).isEmpty();
    }

    /** A broadcast that was queued for the socket's room before the answer comes behind what recovery sends. */
    @Test
    void whatRecoverySendsComesRightBehindTheAnswer() {
        CompletableFuture<Recovery.Outcome> decision = new CompletableFuture<>();
        try (Clients clients =
                new Clients(Clients.Loops.ONE_FOR_ALL, builder -> builder.recovery(request -> decision))) {
            clients.main().use((socket, next) -> {
                socket.join("team");
                next.proceed();
            });
            Peer peer = clients.peer().send("0");

            decision.complete(new Recovery.Fresh(
                    Optional.of("k3"), socket -> socket.send(socket.namespace().prepare("missed"))));
            clients.main().to("team").emit("live");

            assertThat(peer.received())
                    .satisfiesExactly(
                            answer -> assertThat(answer).contains("\"pid\":\"k3\""),
                            missed -> assertThat(missed).isEqualTo("2[\"missed\"]"),
                            live -> assertThat(live).isEqualTo("2[\"live\"]"));
        }
    }

    /** At the window's very end a client is still recovered. */
    @Test
    void theWindowIncludesItsLastInstant() {
        Answer first = connect("{}");
        first.peer.close();
        clock.now = clock.now.plus(Duration.ofMinutes(2));
        assertThat(recovered(first, connect(claim(first, offset(first.events)))))
                .isTrue();

        Answer other = connect("{}");
        other.peer.close();
        clock.now = clock.now.plus(Duration.ofMinutes(2)).plusNanos(1);

        assertThat(recovered(other, connect(claim(other, offset(other.events)))))
                .isFalse();
    }

    @Test
    void whatWasSentToAnotherSocketAloneIsNotReplayed() {
        Answer first = connect("{}");
        Answer other = connect("{}");
        String otherId = other.json.path("sid").asString();
        first.peer.close();
        io.of("/").to(otherId).emit("private", 1);
        io.of("/").find(otherId).orElseThrow().emit("private", 2);

        Answer second = connect(claim(first, offset(first.events)));

        assertThat(recovered(first, second)).isTrue();
        assertThat(second.events).isEmpty();
        assertThat(other.peer.received()).hasSize(2);
    }

    @Test
    void aPidThatWasNeverGivenRecoversNothing() {
        Answer first = connect("{}");
        first.peer.close();

        Answer second = connect("{\"pid\":\"invented\",\"offset\":\"1\"}");

        assertThat(second.json.path("pid").asString()).isNotEqualTo("invented").hasSize(20);
        assertThat(second.json.path("sid")).isNotEqualTo(first.json.path("sid"));
    }

    /** An offset of another namespace is none of this one: each counts for itself. */
    @Test
    void everyNamespaceCountsItsEvents() {
        Peer peer = new Peer(io);
        peers.add(peer);
        io.of("/chat");
        peer.send("0").send("0/chat,").received();

        io.of("/").emit("news");
        io.of("/chat").emit("news");
        io.of("/").emit("news");

        assertThat(peer.received())
                .containsExactly("2[\"news\",\"1\"]", "2/chat,[\"news\",\"1\"]", "2[\"news\",\"2\"]");
    }

    @Test
    void halfAClaimIsNone() {
        Answer first = connect("{}");
        first.peer.close();
        String pid = first.json.path("pid").asString();

        for (String auth : List.of(
                "{\"pid\":\"" + pid + "\"}",
                "{\"offset\":\"1\"}",
                "{\"pid\":\"" + pid + "\",\"offset\":1}",
                "{\"pid\":7,\"offset\":\"1\"}")) {
            assertThat(recovered(first, connect(auth))).as(auth).isFalse();
        }

        assertThat(recovered(first, connect(claim(first, "1")))).isTrue();
    }

    /** It keeps its pid, and may come back as often as it likes. */
    @Test
    void aClientThatWasRecoveredMayBeRecoveredAgain() {
        Answer first = connect("{}");
        first.peer.close();
        io.of("/").emit("news", 1);
        Answer second = connect(claim(first, offset(first.events)));
        second.peer.close();
        io.of("/").emit("news", 2);

        Answer third = connect(claim(first, offset(second.events)));

        assertThat(recovered(first, third)).isTrue();
        assertThat(third.json.path("sid")).isEqualTo(first.json.path("sid"));
        assertThat(third.events).containsExactly("2[\"news\",2,\"3\"]");
    }

    @Test
    void questionsHaveNoOffset() {
        Answer first = connect("{}");

        io.of("/").find(first.json.path("sid").asString()).orElseThrow().emitWithAck("question", 7);
        io.of("/").emit("news");

        assertThat(first.peer.received()).containsExactly("20[\"question\",7]", "2[\"news\",\"2\"]");
    }

    @Test
    void everyBoundIsMoreThanZero() {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> new InMemoryRecovery(clock, bad, 1, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("window is " + bad);
        }
        assertThatThrownBy(() -> new InMemoryRecovery(clock, Duration.ofNanos(1), 0, 1))
                .hasMessageContaining("maxEvents 0");
        assertThatThrownBy(() -> new InMemoryRecovery(clock, Duration.ofNanos(1), 1, 0))
                .hasMessageContaining("maxSockets 0");
        new InMemoryRecovery(clock, Duration.ofNanos(1), 1, 1);
    }

    /** What a recovery that keeps nothing sends is what was emitted. */
    @Test
    void withoutAnOffsetTheArgumentsAreThoseOfTheEmit() {
        try (Clients clients = new Clients(
                Clients.Loops.ONE_FOR_ALL,
                builder -> builder.recovery(request -> CompletableFuture.completedFuture(Recovery.fresh())))) {
            Clients.Connected client = clients.connect();
            List<Integer> sizes = new ArrayList<>();
            client.socket().onAnyOutgoing((event, arguments) -> sizes.add(arguments.size()));

            clients.main().emit("news", 1, "two");

            assertThat(client.received()).containsExactly("2[\"news\",1,\"two\"]");
            assertThat(sizes).containsExactly(2);
        }
    }

    @Test
    void aClientWhoseRecoveryFailedLeavesNothingAndMayTryAgain() {
        List<CompletableFuture<Recovery.Outcome>> decisions = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        try (Clients clients = new Clients(
                Clients.Loops.ONE_FOR_ALL,
                builder -> builder.recovery(request -> {
                            decisions.add(new CompletableFuture<>());
                            return decisions.getLast();
                        })
                        .observer(new SocketIoObserver() {
                            @Override
                            public void callbackFailed(String namespace, String callback, Throwable failure) {
                                closed.add("reported");
                            }
                        }))) {
            clients.main().use((socket, next) -> {
                socket.join("room");
                socket.onClosed(() -> closed.add("closed"));
                next.proceed();
            });
            Peer peer = clients.peer().send("0");

            decisions.getFirst().completeExceptionally(new IllegalStateException("as from a database"));

            assertThat(peer.received()).containsExactly("4{\"message\":\"Internal error\"}");
            assertThat(closed).containsExactly("reported", "closed");
            assertThat(clients.main().roomNames()).isEmpty();
            assertThat(clients.main().registry().empty()).isTrue();
            peer.send("0");
            decisions.getLast().complete(Recovery.fresh());
            assertThat(peer.received()).singleElement().asString().startsWith("0{");
        }
    }

    private record Answer(Peer peer, JsonNode json, List<String> events) {}

    /** Connects, and on a fresh connection is sent one event, so that it has an offset. */
    private Answer connect(String auth) {
        Peer peer = new Peer(io);
        peers.add(peer);
        List<String> packets = new ArrayList<>(peer.send("0" + auth).received());
        JsonNode json = JsonMapper.shared().readTree(packets.removeFirst().substring(1));
        if (auth.equals("{}")) {
            io.of("/").to(json.path("sid").asString()).emit("hello");
            packets.addAll(peer.received());
        }
        return new Answer(peer, json, packets);
    }

    private static boolean recovered(Answer first, Answer second) {
        return first.json.path("pid").equals(second.json.path("pid"));
    }

    private static String offset(List<String> events) {
        JsonNode event = JsonMapper.shared().readTree(events.getLast().substring(1));
        return event.get(event.size() - 1).asString();
    }

    private static String claim(Answer answer, String offset) {
        return JsonMapper.shared()
                .writeValueAsString(Map.of("pid", answer.json.path("pid").asString(), "offset", offset));
    }

    /** A bean that throws when it is written. */
    public static final class Unwritable {
        public String getText() {
            return List.<String>of().getFirst();
        }
    }

    private static final class ManualClock extends Clock {
        private Instant now = Instant.parse("2026-11-29T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("nothing here asks for a zone");
        }
    }
}
