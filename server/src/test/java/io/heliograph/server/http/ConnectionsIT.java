package io.heliograph.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are slow on purpose, or many, and those that are silent with good reason. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class ConnectionsIT {
    private static final int EACH = 150;

    @TempDir
    static Path folder;

    static TestServer server;
    static String token;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                folder.resolve("slow"),
                "heliograph.http.header-timeout=1s",
                "heliograph.http.body-timeout=1s",
                "heliograph.http.write-timeout=1s",
                "heliograph.http.idle-timeout=1s",
                "heliograph.readers.keep-alive=3s");
        token = server.token("acme", "owner", Role.OWNER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** They were kept for ever, and took all file descriptors. */
    @Test
    void whoSendsNothingHalfAHeadOrABodyByteByByteIsClosed() throws Exception {
        List<RawHttp> connections = new ArrayList<>();
        try (ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor()) {
            for (int count = 0; count < EACH; count++) {
                connections.add(RawHttp.connect(server.port()));
                connections.add(RawHttp.connect(server.port()).send("GET /health/live HTTP/1.1\r\nHost: loc"));
                RawHttp slow = RawHttp.connect(server.port())
                        .send("POST /v1/approvals HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                                + "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
                connections.add(slow);
                ScheduledFuture<?> _ = drip.scheduleAtFixedRate(() -> dripInto(slow), 50, 50, TimeUnit.MILLISECONDS);
            }

            assertThat(server.anonymous().get("/health/live").status()).isEqualTo(200);
            for (RawHttp connection : connections) {
                assertThat(connection.ends()).isTrue();
            }
            drip.shutdownNow();
        }
        for (RawHttp connection : connections) {
            connection.close();
        }

        assertThat(timeouts("header")).isGreaterThanOrEqualTo(2 * EACH);
        assertThat(timeouts("body")).isGreaterThanOrEqualTo(EACH);
    }

    @Test
    void aConnectionWithoutAFurtherRequestIsClosedAndSoIsHalfOfOne() throws IOException {
        String request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawHttp idle = RawHttp.connect(server.port()).send(request);
                RawHttp half = RawHttp.connect(server.port()).send(request)) {
            assertThat(idle.response().status()).isEqualTo(200);
            assertThat(half.response().status()).isEqualTo(200);
            half.send("GET /health");

            assertThat(idle.ends()).isTrue();
            assertThat(half.ends()).isTrue();
        }
        assertThat(timeouts("idle")).isPositive();
    }

    @Test
    void whoDoesNotReadItsResponsesIsClosed() throws IOException {
        double before = timeouts("write");
        StringBuilder requests = new StringBuilder();
        for (int count = 0; count < 120; count++) {
            requests.append("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        try (RawHttp deaf = RawHttp.connectWithSmallWindow(server.port())) {
            deaf.send(requests.toString());

            await().atMost(20, TimeUnit.SECONDS).until(() -> timeouts("write") > before);
        }
    }

    /** Silence while the server works on a request is no slowness: a poll, a stream, a socket's poll and a WebSocket. */
    @Test
    void whoWaitsForTheServerIsNotClosed() throws IOException {
        String bearer = "Authorization: Bearer " + token + "\r\n\r\n";
        try (RawHttp poll = RawHttp.connect(server.port());
                RawHttp stream = RawHttp.connect(server.port());
                RawHttp webSocket = RawHttp.connect(server.port())) {
            poll.send("GET /v1/events?wait=4&after=" + cursor() + " HTTP/1.1\r\nHost: localhost\r\n" + bearer);
            stream.send("GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n" + bearer);
            webSocket.send(String.join(
                    "\r\n",
                    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
                    "Host: localhost",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "\r\n"));

            assertThat(webSocket.response().status()).isEqualTo(101);
            assertThat(stream.response().status()).isEqualTo(200);
            // The comment comes after three seconds of silence, thrice as long as each timeout.
            assertThat(stream.readsUntil("\n:\n\n")).isTrue();
            assertThat(poll.response().status()).isEqualTo(200);
            // A ping frame of RFC 6455 is answered.
            webSocket.drain();
            webSocket.socket().getOutputStream().write(new byte[] {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0});
            assertThat(webSocket.socket().getInputStream().read()).isEqualTo(0x8A);
        }
    }

    @Test
    void connectionsBeyondTheBoundAreClosedAtOnceAndTheOthersGoOn() throws IOException {
        try (TestServer small = TestServer.start(folder.resolve("small"), "heliograph.http.max-connections=8")) {
            List<RawHttp> connections = new ArrayList<>();
            // Loopback has a reserve of 32 beyond the bound.
            for (int count = 0; count < 40; count++) {
                connections.add(RawHttp.connect(small.port()));
            }
            MeterRegistry registry = small.part(MeterRegistry.class);
            await().until(() ->
                    registry.get("heliograph.http.connections").gauge().value() == 40);

            try (RawHttp beyond = RawHttp.connect(small.port())) {
                assertThat(beyond.ends()).isTrue();
            }
            assertThat(registry.get("heliograph.http.connections.rejected")
                            .tag("setting", "heliograph.http.max-connections")
                            .counter()
                            .count())
                    .isPositive();
            RawHttp first = connections.getFirst();
            assertThat(first.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .response()
                            .status())
                    .isEqualTo(200);
            for (RawHttp connection : connections) {
                connection.close();
            }
            await().until(() ->
                    registry.get("heliograph.http.connections").gauge().value() == 0);
        }
    }

    private static void dripInto(RawHttp connection) {
        try {
            connection.send(" ");
        } catch (IOException closed) {
            // That is what the test waits for.
        }
    }

    private static String cursor() {
        return server.as(token).get("/v1/approvals").json().path("asOf").asString();
    }

    private static double timeouts(String phase) {
        return server.part(MeterRegistry.class).find("heliograph.http.timeouts").tag("phase", phase).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
