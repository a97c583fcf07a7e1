package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands between an event and its listeners. */
class EventMiddlewareTest {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Clients clients = new Clients(
            Loops.ONE_FOR_ALL,
            builder -> builder.observer(new SocketIoObserver() {
                @Override
                public void callbackFailed(String namespace, String callback, Throwable failure) {
                    heard.add(callback + " failed in " + namespace + ": " + failure.getMessage());
                }

                @Override
                public void eventHandled(String namespace, String event, long nanos) {
                    heard.add("handled " + event + " in " + namespace);
                }
            }));
    private final Connected client = clients.connect();

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void itSeesTheEventAndItsArguments() {
        client.socket().use((event, arguments, next) -> {
            heard.add(event + arguments.get(0, Integer.class));
            next.proceed();
        });
        client.socket().onAny((event, arguments) -> heard.add("any"));

        client.peer().send("2[\"count\",3]");

        assertThat(heard).containsExactly("count3", "any", "handled count in /");
    }

    @Test
    void aDecisionThatComesLaterGoesOnThen() {
        List<Next> held = new ArrayList<>();
        client.socket().use((event, arguments, next) -> held.add(next));
        client.socket().onAny((event, arguments) -> heard.add(event));
        client.peer().send("2[\"one\"]").send("2[\"two\"]");
        assertThat(heard).isEmpty();

        held.get(1).proceed();
        held.get(0).proceed();
        clients.run();

        assertThat(heard).containsExactly("two", "handled two in /", "one", "handled one in /");
    }

    @Test
    void aDecisionOfAnotherThreadGoesOnOnTheLoop() throws InterruptedException {
        List<Next> held = new ArrayList<>();
        client.socket().use((event, arguments, next) -> held.add(next));
        client.socket().on("say", (arguments, ack) -> ack.send("done"));
        client.peer().send("21[\"say\"]");

        Thread.ofVirtual().start(() -> held.getFirst().proceed()).join();

        assertThat(client.received()).containsExactly("31[\"done\"]");
    }

    @Test
    void aLateRejectionIsToldAsAnErrorAndOnce() {
        List<Next> held = new ArrayList<>();
        client.socket().use((event, arguments, next) -> held.add(next));
        client.socket().onError(error -> heard.add("error " + error.message()));
        client.socket().onAny((event, arguments) -> heard.add(event));
        client.peer().send("2[\"say\"]");

        held.getFirst().reject(ConnectError.of("no"));
        held.getFirst().reject(ConnectError.of("still no"));
        held.getFirst().proceed();
        clients.run();

        assertThat(heard).containsExactly("error no");
    }

    @Test
    void oneThatThrowsRejectsTheEventAndIsReported() {
        client.socket().use((event, arguments, next) -> {
            throw new IllegalStateException("boom");
        });
        client.socket().use((event, arguments, next) -> heard.add("never reached"));
        client.socket().onError(error -> heard.add("error " + error.message()));
        client.socket().onAny((event, arguments) -> heard.add(event));

        client.peer().send("2[\"say\"]");

        assertThat(heard).containsExactly("a packet's middleware failed in /: boom", "error Internal error");
        assertThat(client.socket().connected()).isTrue();
    }

    @Test
    void oneThatThrowsAfterItsDecisionHasDecided() {
        client.socket().use((event, arguments, next) -> {
            next.proceed();
            throw new IllegalStateException("boom");
        });
        client.socket().onError(error -> heard.add("error " + error.message()));
        client.socket().onAny((event, arguments) -> heard.add(event));

        client.peer().send("2[\"say\"]");

        assertThat(heard).containsExactly("say", "handled say in /", "a packet's middleware failed in /: boom");
    }

    @Test
    void itIsAskedForEventsAndNotForAnswers() {
        client.socket().use((event, arguments, next) -> heard.add("asked"));
        var answer = client.socket().emitWithAck("question").toCompletableFuture();
        client.received();

        client.peer().send("30[1]");

        assertThat(answer.join().get(0, Integer.class)).isEqualTo(1);
        assertThat(heard).isEmpty();
    }

    /** A failing listener is reported and does not keep the next ones from their event. */
    @Test
    void everyListenerIsCalledWhateverTheOthersThrow() {
        client.socket().onAny((event, arguments) -> {
            throw new IllegalStateException("any");
        });
        client.socket().on("say", (arguments, ack) -> {
            throw new IllegalStateException("first");
        });
        client.socket().on("say", (arguments, ack) -> heard.add("second"));

        client.peer().send("2[\"say\"]");

        assertThat(heard)
                .containsExactly(
                        "a listener of any event failed in /: any",
                        "a listener failed in /: first",
                        "second",
                        "handled say in /");
    }

    @Test
    void unhandledEventsMayBeAnswered() {
        client.socket().onUnhandled((event, arguments, ack) -> ack.send("no " + event));

        client.peer().send("25[\"what\"]");

        assertThat(client.received()).containsExactly("35[\"no what\"]");
    }

    /** A listener for the end is told after everything that was sent before, also by one that fails. */
    @Test
    void theEndIsToldToEveryListenerOfIt() {
        client.socket().onDisconnect((reason, rooms) -> {
            throw new IllegalStateException("boom");
        });
        client.socket().onDisconnect((reason, rooms) -> heard.add("left " + reason.text()));
        client.socket().onClosed(() -> {
            throw new IllegalStateException("bang");
        });
        client.socket().onClosed(() -> heard.add("closed"));
        clients.run();

        client.peer().send("1");

        assertThat(heard)
                .containsExactly(
                        "a disconnect listener failed in /: boom",
                        "left client namespace disconnect",
                        "a listener for the end failed in /: bang",
                        "closed");
    }
}
