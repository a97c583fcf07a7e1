package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Limit;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each limit of the gateway: the error that the client gets, the metric, and that no event is lost. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class LimitsIT {
    private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=polling";

    @TempDir
    Path folder;

    @Test
    void aHandshakeBeyondTheConnectsPerSecondIsToldToComeAgain() {
        try (TestServer server = start("max-connects-per-second=1", "connect-patience=0s")) {
            String token = server.token("acme", "ada", Role.OPERATOR);
            try (TestSocket _ = TestSocket.connected(server, token)) {
                TestClient.Answer refused = server.anonymous().get(HANDSHAKE);

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).hasValue("1");
                assertThat(refused.json().path("message").asString())
                        .contains("too_many_connections", "heliograph.gateway.max-connects-per-second");
                assertThat(met(server, Limit.MAX_CONNECTS_PER_SECOND)).isPositive();
                assertThat(counted(server, "heliograph.gateway.connects.refused", "code", "too_many_connections"))
                        .isPositive();
                await().until(() -> server.anonymous().get(HANDSHAKE).status() == 200);
            }
        }
    }

    @Test
    void aConnectBeyondTheConnectsPerSecondIsRefusedWithACodeAndAHint() {
        try (TestServer server = start("max-connects-per-second=1", "connect-patience=0s")) {
            String token = server.token("acme", "ada", Role.OPERATOR);
            try (TestSocket socket = TestSocket.open(server)) {
                socket.connect(Map.of("token", token));
                await().until(socket::isConnected);
                socket.connectAnswer();
                socket.leave();
                socket.connect(Map.of("token", token));

                JsonNode error = socket.connectError();

                assertThat(error.path("message").asString()).contains("heliograph.gateway.max-connects-per-second");
                assertThat(error.at("/data/code").asString()).isEqualTo("too_many_connections");
                assertThat(error.at("/data/retryable").asBoolean()).isTrue();
                assertThat(error.at("/data/retryAfterMs").asInt()).isBetween(1, 1_000);
                await().until(() -> {
                    socket.connect(Map.of("token", token)); // a page would wait for retryAfterMs
                    return socket.isConnected();
                });
            }
        }
    }

    @Test
    void withinItsPatienceTheServerLetsEveryoneInOneByOne() {
        try (TestServer server = start("max-connects-per-second=5", "connect-patience=5s")) {
            String token = server.token("acme", "ada", Role.OPERATOR);
            List<TestSocket> sockets = new ArrayList<>();
            IntStream.range(0, 10).forEach(_ -> sockets.add(TestSocket.open(server)));
            try {
                sockets.forEach(socket -> socket.connect(Map.of("token", token)));

                await().until(() -> sockets.stream().allMatch(TestSocket::isConnected));
                assertThat(met(server, Limit.MAX_CONNECTS_PER_SECOND)).isZero();
            } finally {
                sockets.forEach(TestSocket::close);
            }
        }
    }

    @Test
    void requestsPassThoseWhoWaitForTheirTurnToConnect() throws IOException {
        try (TestServer server = start("max-connects-per-second=1", "connect-patience=1m")) {
            List<Socket> clients = new ArrayList<>();
            try {
                for (int client = 0; client < 4; client++) {
                    clients.add(startsHandshake(server));
                }
                // The first has gone at once; it may be the second's turn by now.
                await().until(() -> waiting(server) >= 2);

                assertThat(server.anonymous().get("/health/live").status()).isEqualTo(200);
                assertThat(waiting(server)).isPositive();

                clients.removeLast().close();
                for (Socket client : clients) {
                    String answer = new BufferedReader(
                                    new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
                    assertThat(answer).startsWith("HTTP/1.1 101");
                }
                await().until(() -> waiting(server) == 0);
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }

    private static Socket startsHandshake(TestServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(30_000);
        String request = """
                GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r
                Host: 127.0.0.1\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static double waiting(TestServer server) {
        return server.part(MeterRegistry.class)
                .get("heliograph.gateway.connects.waiting")
                .gauge()
                .value();
    }

    @Test
    void aFullServerRefusesTheHandshakeAndNamesTheSetting() {
        try (TestServer server = start("max-sockets=1")) {
            String token = server.token("acme", "ada", Role.OPERATOR);
            try (TestSocket only = TestSocket.connected(server, token)) {
                TestClient.Answer refused = server.anonymous().get(HANDSHAKE);

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.json().path("code").asInt()).isEqualTo(3);
                assertThat(refused.json().path("message").asString())
                        .contains("too_many_connections", "1 sockets", "heliograph.gateway.max-sockets");
                assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow()))
                        .isBetween(5, 10);
                assertThatThrownBy(() -> TestSocket.open(server)).hasCauseInstanceOf(WebSocketHandshakeException.class);
                assertThat(met(server, Limit.MAX_SOCKETS)).isEqualTo(2);
                only.cut();
                await().untilAsserted(() -> TestSocket.connected(server, token).close());
            }
        }
    }

    @Test
    void aMemberAndAWorkspaceThatHaveTheirSocketsAreToldWhich() {
        try (TestServer server = start("max-sockets-per-member=1", "max-sockets-per-workspace=2")) {
            String ada = server.token("acme", "ada", Role.OPERATOR);
            String bob = server.token("acme", "bob", Role.OPERATOR);
            String eve = server.token("acme", "eve", Role.OPERATOR);
            String other = server.token("other", "eve", Role.OPERATOR);
            try (TestSocket _ = TestSocket.connected(server, ada);
                    TestSocket second = refused(server, ada);
                    TestSocket _ = TestSocket.connected(server, bob);
                    TestSocket third = refused(server, eve);
                    TestSocket _ = TestSocket.connected(server, other)) {
                JsonNode member = second.connectError();
                JsonNode workspace = third.connectError();

                assertThat(member.at("/data/code").asString()).isEqualTo("too_many_connections");
                assertThat(member.at("/data/limit").asString()).isEqualTo("heliograph.gateway.max-sockets-per-member");
                assertThat(workspace.at("/data/limit").asString())
                        .isEqualTo("heliograph.gateway.max-sockets-per-workspace");
                assertThat(workspace.at("/data/retryAfterMs").asInt()).isBetween(5_000, 10_000);
                assertThat(met(server, Limit.MAX_SOCKETS_PER_MEMBER)).isEqualTo(1);
                assertThat(met(server, Limit.MAX_SOCKETS_PER_WORKSPACE)).isEqualTo(1);
            }
        }
    }

    @Test
    void eventsBeyondTheRateAreAnsweredWithTheErrorAndNotHandled() {
        try (TestServer server = start("max-events-per-second=2")) {
            try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
                List<CompletableFuture<JsonNode>> acks = IntStream.range(0, 5)
                        .mapToObj(_ -> socket.emit("topics:watch", Map.of("agents", "all")))
                        .toList();

                List<JsonNode> answers =
                        acks.stream().map(CompletableFuture::join).toList();

                assertThat(answers.getFirst().path("ok").asBoolean()).isTrue();
                JsonNode error = answers.getLast().path("error");
                assertThat(error.path("code").asString()).isEqualTo("too_many_requests");
                assertThat(error.path("message").asString()).contains("heliograph.gateway.max-events-per-second");
                assertThat(error.path("retryAfterMs").asInt()).isBetween(1, 500);
                assertThat(met(server, Limit.MAX_EVENTS_PER_SECOND)).isPositive();
                await().until(() -> socket.emit("topics:watch", Map.of("agents", "all"))
                        .join()
                        .path("ok")
                        .asBoolean());
            }
        }
    }

    @Test
    void whoFloodsAllTheSameIsSentAway() {
        try (TestServer server = start("max-events-per-second=2")) {
            try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
                for (int number = 0; number < 40; number++) {
                    var _ = socket.emit("nobody:listens", "x");
                }

                JsonNode closing = socket.event("closing");

                assertThat(closing.get(1).path("code").asString()).isEqualTo("too_many_requests");
                assertThat(socket.closed()).succeedsWithin(java.time.Duration.ofSeconds(20));
            }
        }
    }

    @Test
    void watchedTopicsAreBounded() {
        try (TestServer server = start("max-watched-topics=2")) {
            try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
                JsonNode two = socket.emit("topics:watch", Map.of("agents", List.of("a", "b")))
                        .join();
                JsonNode three = socket.emit("topics:watch", Map.of("agents", List.of("a", "b", "c")))
                        .join();

                assertThat(two.path("watching").asInt()).isEqualTo(2);
                assertThat(three.at("/error/message").asString()).contains("heliograph.gateway.max-watched-topics");
                assertThat(met(server, Limit.MAX_WATCHED_TOPICS)).isEqualTo(1);
            }
        }
    }

    @Test
    void aCatchUpBeyondTheReplayRateWaitsAndLosesNothing() {
        try (TestServer server = start("max-replay-per-second=64KB")) {
            TestClient robot = server.as(server.key("acme", "robot"));
            WorkspaceId workspace = server.workspace("acme");
            EventLog log = server.part(EventLog.class);
            robot.put("/v1/agents/agt_1", Map.of("status", "working"));
            IntStream.range(0, 60)
                    .forEach(number -> robot.post(
                            "/v1/agents/agt_1/messages",
                            Map.of("text", number + "x".repeat(3_000)),
                            "Idempotency-Key",
                            "key-" + number));
            long head = log.open(workspace).cursor().offset();
            Cursor first = log.after(workspace, 0, 1).getFirst().cursor();
            try (TestSocket socket = TestSocket.open(server)) {
                socket.connect(Map.of("token", server.token("acme", "ada", Role.OPERATOR), "cursor", first.toString()));

                List<Long> offsets = new ArrayList<>();
                while (offsets.isEmpty() || offsets.getLast() < head) {
                    offsets.add(socket.event().get(1).path("offset").asLong());
                }

                assertThat(offsets)
                        .isEqualTo(LongStream.rangeClosed(2, head).boxed().toList());
                try (TestSocket again = TestSocket.open(server)) {
                    again.connect(
                            Map.of("token", server.token("acme", "bob", Role.OPERATOR), "cursor", first.toString()));
                    assertThat(again.event().get(1).path("offset").asLong()).isEqualTo(2);
                }
                assertThat(met(server, Limit.MAX_REPLAY_PER_SECOND)).isPositive();
            }
        }
    }

    private TestServer start(String... settings) {
        String[] named = new String[settings.length];
        for (int index = 0; index < settings.length; index++) {
            named[index] = "heliograph.gateway." + settings[index];
        }
        return TestServer.start(folder, named);
    }

    private static TestSocket refused(TestServer server, String token) {
        TestSocket socket = TestSocket.open(server);
        socket.connect(Map.of("token", token));
        return socket;
    }

    private static double met(TestServer server, Limit limit) {
        return counted(server, "heliograph.gateway.limits.met", "limit", limit.key());
    }

    private static double counted(TestServer server, String name, String... tags) {
        return server.part(MeterRegistry.class).get(name).tags(tags).counter().count();
    }
}
