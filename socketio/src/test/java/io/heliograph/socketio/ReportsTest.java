package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.socketio.Clients.Connected;
import io.heliograph.socketio.Clients.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What metrics and logs are made of: each thing is reported once, when it has happened. */
class ReportsTest {

    private final List<String> reports = new ArrayList<>();
    private final Clients clients = new Clients(
            Loops.ONE_FOR_ALL, builder -> builder.observer(new Reporting()).maxNamespaces(1));

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void theLifeOfASocket() {
        Connected client = clients.connect();

        client.peer().send("2[\"say\",1]").send("1");

        assertThat(reports)
                .containsExactly("connected / anew", "handled say in /", "disconnected / client namespace disconnect");
    }

    @Test
    void aClientThatIsRefusedForWhateverReason() {
        clients.main().use((socket, next) -> next.reject(ConnectError.of("no")));
        clients.peer().send("0");
        clients.peer().send("0/nowhere,");

        assertThat(reports).containsExactly("rejected /", "rejected /nowhere");
    }

    @Test
    void aNamespaceBeyondTheBound() {
        clients.io().of("/chat");
        Connected client = clients.connect();

        client.peer().send("0/chat,");

        assertThat(reports).containsExactly("connected / anew", "rejected /chat");
    }

    @Test
    void aPacketThatIsNone() {
        Connected client = clients.connect();

        client.peer().send("9[\"secret\"]");

        assertThat(reports)
                .containsExactly("connected / anew", "malformed: an unknown packet type", "disconnected / parse error");
    }

    @Test
    void aBroadcastIsOneWhateverItsReceivers() {
        clients.connect(3);
        reports.clear();

        clients.main().emit("news");
        clients.main().to("nowhere").emit("news");
        clients.main()
                .to("room")
                .send(List.of(clients.main().prepare("one"), clients.main().prepare("two")));

        assertThat(reports).containsExactly("broadcast 1 to /", "broadcast 1 to /", "broadcast 2 to /");
    }

    @Test
    void whatMiddlewareAndMatchersThrow() {
        clients.main().use((socket, next) -> {
            throw new IllegalStateException("boom");
        });
        clients.io().of((name, auth) -> {
            throw new IllegalStateException("bang");
        });

        clients.peer().send("0");
        clients.peer().send("0/other,");

        assertThat(reports)
                .containsExactly(
                        "middleware failed in /: boom",
                        "rejected /",
                        "the namespace's matcher failed in /other: bang",
                        "rejected /other");
    }

    @Test
    void aSocketThatWasRecoveredIsReportedAsSuch() {
        try (Clients recovering = new Clients(
                Loops.ONE_FOR_ALL,
                builder -> builder.observer(new Reporting())
                        .recovery(request -> CompletableFuture.completedFuture(
                                new Recovery.Recovered("pid", Optional.empty(), socket -> {}))))) {
            recovering.connect();

            assertThat(reports).containsExactly("connected / again");
        }
    }

    @Test
    void aSessionThatNeverConnectsIsNoSocket() {
        clients.peer().live(Duration.ofSeconds(46), true);

        assertThat(reports).isEmpty();
    }

    private final class Reporting implements SocketIoObserver {
        @Override
        public void socketConnected(String namespace, boolean recovered) {
            reports.add("connected " + namespace + (recovered ? " again" : " anew"));
        }

        @Override
        public void socketDisconnected(String namespace, DisconnectReason reason) {
            reports.add("disconnected " + namespace + " " + reason.text());
        }

        @Override
        public void connectRejected(String namespace) {
            reports.add("rejected " + namespace);
        }

        @Override
        public void eventHandled(String namespace, String event, long nanos) {
            reports.add("handled " + event + " in " + namespace);
        }

        @Override
        public void malformedPacket(String reason) {
            reports.add("malformed: " + reason);
        }

        @Override
        public void broadcast(String namespace, int packets) {
            reports.add("broadcast " + packets + " to " + namespace);
        }

        @Override
        public void callbackFailed(String namespace, String callback, Throwable failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            reports.add(callback + " failed in " + namespace + ": " + cause.getMessage());
        }
    }
}
