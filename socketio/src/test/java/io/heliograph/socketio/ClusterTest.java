package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Three nodes whose messages are carried when a test says so. */
class ClusterTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Carrier carrier = new Carrier();
    private final List<Throwable> failures = new ArrayList<>();
    private final Clients here = node();
    private final Clients there = node();
    private final Clients elsewhere = node();

    @AfterEach
    void close() {
        List.of(here, there, elsewhere).forEach(Clients::close);
        assertThat(failures).isEmpty();
    }

    @Test
    void aBroadcastReachesTheChosenSocketsOfAllNodes() {
        Connected one = here.connect();
        Connected two = there.connect();
        Connected three = elsewhere.connect();
        List.of(one, two, three).forEach(client -> client.socket().join("team"));
        three.socket().join("muted");

        here.main().to("team").except("muted").emit("news", 1, new byte[] {7});
        carrier.carry();

        assertThat(one.received()).containsExactly("51-[\"news\",1,{\"_placeholder\":true,\"num\":0}]", "binary 1");
        assertThat(two.received()).containsExactly("51-[\"news\",1,{\"_placeholder\":true,\"num\":0}]", "binary 1");
        assertThat(three.received()).isEmpty();
        assertThat(carrier.carried).hasSize(2);
    }

    @Test
    void aLocalBroadcastStaysHere() {
        Connected two = there.connect();
        here.main().local().emit("news");
        here.main().local().disconnectSockets(true);
        here.main().local().socketsJoin("room");
        here.main().local().fetchSockets();

        carrier.carry();

        assertThat(carrier.carried).isEmpty();
        assertThat(two.received()).isEmpty();
    }

    @Test
    void aVolatileBroadcastIsVolatileOnOtherNodesToo() {
        Connected slow = there.connect();
        slow.peer().writable(false);

        here.main().asVolatile().emit("lossy");
        here.main().emit("kept");
        carrier.carry();
        slow.peer().runTasks();
        slow.peer().writable(true);

        assertThat(slow.received()).containsExactly("2[\"kept\"]");
    }

    @Test
    void socketsOfOtherNodesJoinLeaveAndDisconnect() {
        Connected two = there.connect();
        Connected three = elsewhere.connect();

        here.main().socketsJoin("red", "blue");
        carrier.carry();
        assertThat(two.socket().rooms()).containsExactlyInAnyOrder("red", "blue");
        here.main().to(two.id()).socketsLeave("red");
        carrier.carry();
        assertThat(two.socket().rooms()).containsExactly("blue");
        assertThat(three.socket().rooms()).containsExactlyInAnyOrder("red", "blue");
        here.main().to("red").disconnectSockets(false);
        here.main().to(two.id()).disconnectSockets(true);
        carrier.carry();
        List.of(two, three).forEach(client -> client.received());
        List.of(two, three).forEach(client -> client.peer().live(Duration.ofSeconds(31), true));

        assertThat(three.peer().open()).isTrue();
        assertThat(three.socket().connected()).isFalse();
        assertThat(two.peer().open()).isFalse();
    }

    @Test
    void fetchingFindsTheSocketsOfAllNodesWithRoomsAndData() {
        Connected one = here.connect();
        Connected two = there.connect();
        List.of(one, two).forEach(client -> client.socket().join("team"));
        two.socket().data(Map.of("name", "ann"));

        CompletableFuture<List<RemoteSocket>> found =
                here.main().to("team").fetchSockets().toCompletableFuture();
        assertThat(found).isNotDone();
        carrier.carry();

        assertThat(found.join()).extracting(RemoteSocket::id).containsExactlyInAnyOrder(one.id(), two.id());
        RemoteSocket remote = found.join().stream()
                .filter(socket -> socket.id().equals(two.id()))
                .findFirst()
                .orElseThrow();
        assertThat(remote.rooms()).isEqualTo(Set.of("team"));
        assertThat(remote.data()).get().hasToString("{\"name\":\"ann\"}");
        remote.emit("private");
        carrier.carry();
        assertThat(two.received()).containsExactly("2[\"private\"]");
        assertThat(one.received()).isEmpty();
    }

    @Test
    void aRequestWaitsForEveryNode() {
        CompletableFuture<List<RemoteSocket>> found = here.main().fetchSockets().toCompletableFuture();
        carrier.carryRequests();
        carrier.carryOne();
        assertThat(found).isNotDone();
        assertThat(pending(here)).isEqualTo(1);

        carrier.carry();

        assertThat(found).isCompletedWithValue(List.of());
        assertThat(pending(here)).isZero();
    }

    @Test
    void anAnswerToAnotherNodeIsNotTaken() {
        CompletableFuture<List<RemoteSocket>> found = here.main().fetchSockets().toCompletableFuture();
        carrier.carryRequests();
        carrier.rewrite(answer -> answer.put("to", "another node"));

        carrier.carry();

        assertThat(found).isNotDone();
    }

    @Test
    void aNodeWithoutTheNamespaceAnswersAtOnce() {
        CompletableFuture<List<RemoteSocket>> found =
                here.io().of("/only-here").fetchSockets().toCompletableFuture();

        carrier.carry();

        assertThat(found).isCompletedWithValue(List.of());
    }

    @Test
    void aBroadcastAckCompletesWithTheAnswersOfAllNodes() {
        Connected one = here.connect();
        Connected two = there.connect();
        CompletableFuture<List<Arguments>> answers =
                here.main().timeout(SECOND).emitWithAck("question").toCompletableFuture();
        carrier.carry();
        answer(one, 1);
        assertThat(answers).isNotDone();

        answer(two, 2);
        carrier.carry();

        assertThat(answers.join())
                .extracting(answer -> answer.get(0, Integer.class))
                .containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aBroadcastAckFailsWhenASocketOfAnotherNodeLeaves() {
        Connected two = there.connect();
        CompletableFuture<List<Arguments>> answers =
                here.main().timeout(SECOND).emitWithAck("question").toCompletableFuture();
        carrier.carry();
        two.received();

        two.peer().send("1");
        carrier.carry();

        assertThatThrownBy(answers::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(AckException.class);
    }

    @Test
    void serversAnswerEachOtherOnceEach() {
        for (Clients node : List.of(there, elsewhere)) {
            node.main().onServerSideEmit("ask", (arguments, ack) -> {
                ack.send(arguments.get(0));
                ack.send("again");
            });
        }
        CompletableFuture<List<Arguments>> answers =
                here.main().serverSideEmitWithAck("ask", 5).toCompletableFuture();

        carrier.carry();

        assertThat(answers.join())
                .extracting(answer -> answer.get(0).toString())
                .containsExactly("5", "5");
        // Two requests, one answer of each node, and each of these is carried to two nodes.
        assertThat(carrier.carried).hasSize(6);
    }

    @Test
    void aServerSideEventWithoutAckIsNotAnswered() {
        List<String> heard = new ArrayList<>();
        there.main().onServerSideEmit("note", (arguments, ack) -> {
            heard.add("note " + ack.requested());
            ack.send("unasked");
        });
        here.main().serverSideEmit("note");

        carrier.carry();

        assertThat(heard).containsExactly("note false");
        assertThat(carrier.carried).hasSize(2);
    }

    @Test
    void aNodeThatDoesNotAnswerFailsTheRequest() {
        try (Clients impatient = node(Duration.ofMillis(20))) {
            CompletableFuture<List<RemoteSocket>> found =
                    impatient.main().fetchSockets().toCompletableFuture();

            await().until(found::isDone);

            assertThatThrownBy(found::join).hasCauseInstanceOf(AckException.class);
            assertThat(pending(impatient)).isZero();
        }
    }

    @Test
    void anUnknownCommandIsReported() {
        here.main().serverSideEmit("note");
        carrier.rewrite(command -> command.put("op", "of the future"));

        carrier.carry();

        assertThat(failures).hasSize(2).allMatch(IllegalArgumentException.class::isInstance);
        failures.clear();
    }

    private static int pending(Clients node) {
        return node.io().cluster().orElseThrow().pendingRequests();
    }

    private Clients node() {
        return node(Duration.ofMinutes(1));
    }

    private Clients node(Duration timeout) {
        return new Clients(
                Loops.ONE_FOR_ALL,
                builder -> builder.adapter(carrier.newAdapter())
                        .adapterTimeout(timeout)
                        .observer(new SocketIoObserver() {
                            @Override
                            public void callbackFailed(String namespace, String callback, Throwable failure) {
                                failures.add(failure);
                            }
                        }));
    }

    private static void answer(Connected client, int number) {
        String question = client.received().getLast();
        client.peer().send("3" + question.substring(1, question.indexOf('[')) + "[" + number + "]");
    }

    /** Keeps what adapters publish until it is to be carried. */
    private static final class Carrier {
        private final List<Link> links = new ArrayList<>();
        private final Queue<Letter> letters = new ArrayDeque<>();
        private final List<byte[]> carried = new ArrayList<>();

        private static final class Letter {
            private final Link to;
            private final byte[] message;

            Letter(Link to, byte[] message) {
                this.to = to;
                this.message = message;
            }
        }

        Adapter newAdapter() {
            Link link = new Link();
            links.add(link);
            return link;
        }

        /** Carries everything, also what is published meanwhile. */
        void carry() {
            while (!letters.isEmpty()) {
                carryOne();
            }
        }

        void carryOne() {
            Letter letter = letters.remove();
            carried.add(letter.message);
            letter.to.receiver.received(letter.message);
        }

        /** Carries what was published until now, not what comes of it. */
        void carryRequests() {
            for (int count = letters.size(); count > 0; count--) {
                carryOne();
            }
        }

        /** Changes what was published and is not carried yet. */
        void rewrite(Consumer<ObjectNode> change) {
            for (int count = letters.size(); count > 0; count--) {
                Letter letter = letters.remove();
                try {
                    JsonNode message = MessagePack.read(letter.message, 100, JsonNodeFactory.instance);
                    change.accept((ObjectNode) message);
                    letters.add(new Letter(letter.to, MessagePack.write(message)));
                } catch (MessagePack.MalformedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        private final class Link implements Adapter {
            private Receiver receiver = message -> {};

            @Override
            public void start(Receiver receiver) {
                this.receiver = receiver;
            }

            @Override
            public void publish(byte[] message) {
                links.stream().filter(link -> link != this).forEach(link -> letters.add(new Letter(link, message)));
            }

            @Override
            public int otherNodes() {
                return links.size() - 1;
            }
        }
    }
}
