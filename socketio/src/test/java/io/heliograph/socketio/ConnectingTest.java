package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** How clients enter and leave namespaces: middleware, dynamic namespaces, packets at the wrong moment. */
class ConnectingTest {

    private final List<String> heard = new ArrayList<>();

    @Test
    void middlewareRunsInOrderAndMayDecideLater() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            List<Next> held = new ArrayList<>();
            clients.main().use((socket, next) -> {
                heard.add("first");
                held.add(next);
            });
            clients.main().use((socket, next) -> {
                heard.add("second");
                next.proceed();
            });
            Peer peer = clients.peer().send("0");
            assertThat(peer.received()).isEmpty();
            assertThat(heard).containsExactly("first");

            held.getFirst().proceed();

            assertThat(peer.received()).hasSize(1);
            assertThat(heard).containsExactly("first", "second");
        }
    }

    @Test
    void aMiddlewareDecidesOnceOnly() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            clients.main().use((socket, next) -> {
                next.proceed();
                next.proceed();
                next.reject(ConnectError.of("changed its mind"));
            });
            clients.main().use((socket, next) -> {
                heard.add("second");
                next.proceed();
                next.reject(ConnectError.of("changed its mind"));
            });
            clients.main().onConnection(socket -> heard.add("connected"));

            List<String> answers = clients.peer().send("0").received();

            assertThat(answers).singleElement().asString().startsWith("0{");
            assertThat(heard).containsExactly("second", "connected");
        }
    }

    @Test
    void aRejectedClientLeavesNothingAndMayTryAgain() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            clients.main().use((socket, next) -> {
                socket.join("room");
                if (socket.auth().has("token")) {
                    next.proceed();
                } else {
                    next.reject(ConnectError.of("no", List.of(7)));
                }
            });
            Peer peer = clients.peer().send("0");

            assertThat(peer.received()).containsExactly("4{\"message\":\"no\",\"data\":[7]}");
            assertThat(clients.main().roomNames()).isEmpty();
            assertThat(clients.main().registry().empty()).isTrue();
            assertThat(peer.send("0{\"token\":1}").received())
                    .singleElement()
                    .asString()
                    .startsWith("0{");
        }
    }

    @Test
    void middlewareOfEventsRunsInOrderAndDecidesOnceOnly() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            Connected client = clients.connect();
            client.socket().use((event, arguments, next) -> {
                heard.add("first");
                next.proceed();
                next.proceed();
                next.reject(ConnectError.of("changed its mind"));
            });
            client.socket().use((event, arguments, next) -> {
                heard.add("second");
                if (event.equals("bad")) {
                    next.reject(ConnectError.of("no"));
                } else {
                    next.proceed();
                }
            });
            client.socket().onError(error -> heard.add("error " + error.message()));
            client.socket().onAny((event, arguments) -> heard.add(event));

            client.peer().send("2[\"good\"]").send("2[\"bad\"]");

            assertThat(heard).containsExactly("first", "second", "good", "first", "second", "error no");
        }
    }

    @Test
    void anEventThatMiddlewareHoldsUntilTheSocketHasLeftIsDropped() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            Connected client = clients.connect();
            List<Next> held = new ArrayList<>();
            client.socket().use((event, arguments, next) -> held.add(next));
            client.socket().onAny((event, arguments) -> heard.add(event));
            client.peer().send("2[\"late\"]").send("1");

            held.getFirst().proceed();
            clients.run();

            assertThat(heard).isEmpty();
        }
    }

    @Test
    void aSecondConnectWhileTheFirstIsBeingDecidedIsIgnored() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            List<Next> held = new ArrayList<>();
            clients.main().use((socket, next) -> held.add(next));
            Peer peer = clients.peer().send("0").send("0");

            held.forEach(Next::proceed);

            assertThat(peer.received()).singleElement().asString().startsWith("0{");
            assertThat(held).hasSize(1);
        }
    }

    @Test
    void anEventWhileTheConnectIsBeingDecidedEndsTheSession() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            List<Next> held = new ArrayList<>();
            clients.main().use((socket, next) -> {
                socket.onAny((event, arguments) -> heard.add(event));
                held.add(next);
            });
            Peer peer = clients.peer().send("0").send("2[\"early\"]");

            held.getFirst().proceed();

            assertThat(peer.received()).isEmpty();
            assertThat(heard).isEmpty();
            assertThat(clients.main().registry().empty()).isTrue();
        }
    }

    @Test
    void connectingAgainToANamespaceEndsTheSession() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            Connected client = clients.connect();
            client.socket().onDisconnect((reason, rooms) -> heard.add(reason.text()));

            client.peer().send("0");

            assertThat(heard).containsExactly("forced server close");
        }
    }

    /** The packets were on their way when the server disconnected the socket. */
    @Test
    void packetsAfterTheServersDisconnectAreIgnored() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            Connected client = clients.connect();
            client.socket().onAny((event, arguments) -> heard.add(event));
            client.socket().disconnect();
            clients.run();

            client.peer().send("2[\"late\"]").send("1");
            client.peer().live(Duration.ofSeconds(31), true);

            assertThat(heard).isEmpty();
            assertThat(client.peer().open()).isTrue();
        }
    }

    @Test
    void aClientThatCameBackAfterTheServersDisconnectHasNoSuchGrace() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            Connected client = clients.connect();
            client.socket().disconnect();
            clients.run();
            client.peer().send("0");
            assertThat(client.received()).last().asString().startsWith("0{");
            client.peer().send("1");

            client.peer().send("2[\"meaningless\"]");
            client.peer().live(Duration.ofSeconds(31), true);

            assertThat(client.peer().open()).isFalse();
        }
    }

    @Test
    void namespacesThatAreBeingDecidedCountToo() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.maxNamespaces(2))) {
            List<CompletableFuture<Boolean>> decisions = new ArrayList<>();
            clients.io().of((name, auth) -> {
                decisions.add(new CompletableFuture<>());
                return decisions.getLast();
            });
            Peer peer = clients.peer().send("0/one,").send("0/two,").send("0/three,");

            assertThat(peer.received())
                    .singleElement()
                    .asString()
                    .startsWith("4/three,")
                    .contains("maxNamespaces");
            decisions.getFirst().complete(false);
            clients.run();
            assertThat(peer.send("0/three,").received()).containsExactly("4/one,{\"message\":\"Invalid namespace\"}");
            assertThat(decisions).hasSize(3);
        }
    }

    @Test
    void aNamespaceThatNoMatcherWantsIsInvalid() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            clients.io().of(Pattern.compile("/room-\\d+"));
            clients.io().of((name, auth) -> CompletableFuture.failedFuture(new IllegalStateException("as in a test")));

            assertThat(clients.peer().send("0/other,").received())
                    .containsExactly("4/other,{\"message\":\"Invalid namespace\"}");
        }
    }

    @Test
    void aChildHasTheMiddlewareAndListenersOfItsDynamicNamespace() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            DynamicNamespace rooms = clients.io()
                    .of(Pattern.compile("/room-\\d+"))
                    .use((socket, next) -> {
                        heard.add("checked " + socket.namespace().name());
                        next.proceed();
                    })
                    .onConnection(socket ->
                            heard.add("connected " + socket.namespace().name()));
            Peer peer = clients.peer().send("0/room-1,");
            peer.received();

            rooms.emit("news");

            assertThat(heard).containsExactly("checked /room-1", "connected /room-1");
            assertThat(peer.received()).containsExactly("2/room-1,[\"news\"]");
        }
    }

    @Test
    void aChildGoesWithItsLastSocketWhenTheServerCleansUp() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.cleanUpEmptyNamespaces(true))) {
            DynamicNamespace rooms = clients.io().of(Pattern.compile("/room-\\d+"));
            Peer one = clients.peer().send("0/room-1,");
            Peer two = clients.peer().send("0/room-1,");
            one.send("1/room-1,");
            assertThat(clients.io().namespaces()).containsKey("/room-1");

            two.close();

            assertThat(clients.io().namespaces()).containsOnlyKeys("/");
            assertThat(rooms.children()).isEmpty();
        }
    }

    @Test
    void aChildStaysWhenTheServerDoesNotCleanUp() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL)) {
            DynamicNamespace rooms = clients.io().of(Pattern.compile("/room-\\d+"));

            clients.peer().send("0/room-1,").close();

            assertThat(clients.io().namespaces()).containsKey("/room-1");
            assertThat(rooms.children()).hasSize(1);
        }
    }

    @Test
    void aChildThatIsDecidedAfterItsClientLeftGoesAgain() {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.cleanUpEmptyNamespaces(true))) {
            CompletableFuture<Boolean> decision = new CompletableFuture<>();
            clients.io().of((name, auth) -> decision);
            Peer peer = clients.peer().send("0/room-1,");
            peer.close();

            decision.complete(true);
            clients.run();

            assertThat(clients.io().namespaces()).containsOnlyKeys("/");
        }
    }

    /** Two threads enter and exit the same child: while one is in, the child must be the one that others find. */
    @Test
    void aChildNeverGoesWhileAClientIsIn() throws Exception {
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.cleanUpEmptyNamespaces(true))) {
            SocketIoServer io = clients.io();
            io.of(Pattern.compile("/room-\\d+"));
            CyclicBarrier start = new CyclicBarrier(2);
            List<CompletableFuture<Void>> threads = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                        meet(start);
                        for (int i = 0; i < 20_000; i++) {
                            Namespace entered = io.namespaceTable()
                                    .enter("/room-1")
                                    .orElseGet(() -> io.namespaceTable()
                                            .enterChild("/room-1", JsonNodeFactory.instance.objectNode())
                                            .toCompletableFuture()
                                            .join()
                                            .orElseThrow());
                            assertThat(io.namespaceTable().find("/room-1").equals(Optional.of(entered)))
                                    .isTrue();
                            entered.registry().exit();
                        }
                    }))
                    .limit(2)
                    .toList();

            threads.forEach(CompletableFuture::join);

            assertThat(io.namespaces()).containsOnlyKeys("/");
        }
    }

    /** On virtual threads input pauses while too many callbacks wait, and goes on when half of them are done. */
    @Test
    void inputPausesWhileListenersAreBehindAndThenGoesOn() {
        CountDownLatch release = new CountDownLatch(1);
        List<Integer> handled = java.util.Collections.synchronizedList(new ArrayList<>());
        try (Clients clients =
                new Clients(Loops.ONE_FOR_ALL, builder -> builder.callbacks(Callbacks.VIRTUAL_THREADS))) {
            clients.main()
                    .onConnection(socket -> socket.on("work", Integer.class, (number, ack) -> {
                        meet(release);
                        handled.add(number);
                    }));
            Peer peer = clients.peer().send("0");
            await().until(() -> !peer.received().isEmpty());
            int sent = 0;
            while (peer.reading() && sent < 1000) {
                peer.send("2[\"work\"," + sent++ + "]");
            }
            int count = sent;
            assertThat(count).isBetween(256, 300);

            release.countDown();

            await().until(() -> {
                peer.runTasks();
                return handled.size() == count && peer.reading();
            });
            assertThat(handled).isSorted();
        }
    }

    private static void meet(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
