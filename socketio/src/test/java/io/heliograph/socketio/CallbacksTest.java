package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On which threads middleware and listeners run, and in which order. */
class CallbacksTest {

    @Test
    void byDefaultTheyRunOnVirtualThreads() {
        List<String> threads = new CopyOnWriteArrayList<>();
        SocketIoServer io = SocketIoServer.builder().build();
        io.use((socket, next) -> {
            threads.add("middleware " + Thread.currentThread().isVirtual());
            next.proceed();
        });
        io.onConnection(socket -> {
            threads.add("connection " + Thread.currentThread().isVirtual());
            socket.on(
                    "say",
                    (arguments, ack) ->
                            threads.add("listener " + Thread.currentThread().isVirtual()));
        });

        try (Peer peer = new Peer(io)) {
            peer.send("0");
            await().until(() -> !peer.received().isEmpty());
            peer.send("2[\"say\"]");
            await().until(() -> threads.size() == 3);
        }

        assertThat(threads).containsExactly("middleware true", "connection true", "listener true");
    }

    @Test
    void onTheLoopTheyRunBeforeTheNextPacketIsRead() {
        List<Thread> threads = new ArrayList<>();
        SocketIoServer io = SocketIoServer.builder().callbacks(Callbacks.LOOP).build();
        io.onConnection(socket -> socket.on("say", (arguments, ack) -> threads.add(Thread.currentThread())));

        try (Peer peer = new Peer(io)) {
            peer.send("0").send("2[\"say\"]");
        }

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    /** Tasks of the executor are run by hand. */
    @Test
    void anExecutorGetsOneTaskAtATimeForEachClient() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        List<String> heard = new ArrayList<>();
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.callbacks(Callbacks.on(tasks::add)))) {
            clients.main().onConnection(socket -> socket.on("say", String.class, (text, ack) -> heard.add(text)));
            Peer ann = connect(clients, tasks);
            Peer bob = connect(clients, tasks);

            ann.send("2[\"say\",\"a1\"]").send("2[\"say\",\"a2\"]");
            bob.send("2[\"say\",\"b1\"]");

            assertThat(tasks).hasSize(2);
            assertThat(heard).isEmpty();
            tasks.remove().run();
            assertThat(heard).containsExactly("a1", "a2");
            tasks.remove().run();
            assertThat(heard).containsExactly("a1", "a2", "b1");
            assertThat(tasks).isEmpty();
        }
    }

    @Test
    void aBusyClientLeavesTheThreadToOthersAfterSomeCallbacks() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        List<Integer> heard = new ArrayList<>();
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.callbacks(Callbacks.on(tasks::add)))) {
            clients.main().onConnection(socket -> socket.on("say", Integer.class, (number, ack) -> heard.add(number)));
            Peer busy = connect(clients, tasks);
            IntStream.range(0, 100).forEach(number -> busy.send("2[\"say\"," + number + "]"));

            tasks.remove().run();

            assertThat(heard).hasSize(CallbackRunner.OnExecutor.MAX_AT_ONCE);
            assertThat(tasks).hasSize(1);
            tasks.remove().run();
            assertThat(heard)
                    .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void aClientWhoseTaskIsRejectedIsClosedAndOthersAreNot() {
        boolean[] full = new boolean[1];
        List<String> heard = new ArrayList<>();
        Callbacks callbacks = Callbacks.on(task -> {
            if (full[0]) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        });
        try (Clients clients = new Clients(Loops.ONE_FOR_ALL, builder -> builder.callbacks(callbacks))) {
            clients.main().onConnection(socket -> socket.on("say", String.class, (text, ack) -> heard.add(text)));
            Connected unlucky = clients.connect();
            Connected other = clients.connect();
            full[0] = true;
            unlucky.peer().send("2[\"say\",\"lost\"]");
            full[0] = false;
            other.peer().send("2[\"say\",\"heard\"]");
            clients.run();

            assertThat(clients.main().sockets()).containsOnlyKeys(other.id());
            assertThat(heard).containsExactly("heard");
        }
    }

    private static Peer connect(Clients clients, Queue<Runnable> tasks) {
        Peer peer = clients.peer().send("0");
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
            clients.run();
        }
        assertThat(peer.received()).hasSize(1);
        return peer;
    }
}
