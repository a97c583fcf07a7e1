package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The shapes of what a socket is answered; {@link TestSocket} holds all of it against the contract as well. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class SocketEventsIT {
    private static final String MILLISECONDS = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anUnknownEventIsAcknowledgedWithTheNamesThatThereAre() {
        try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
            JsonNode error = socket.emit("no:such", Map.of()).join().path("error");

            assertThat(error.path("code").asString()).isEqualTo("unknown_event");
            assertThat(error.path("message").asString()).contains("auth:renew", "topics:watch");
            assertThat(error.path("known")).hasToString("[\"auth:renew\",\"clock\",\"presence:set\",\"topics:watch\"]");
        }
    }

    @Test
    void watchingIsANumber() {
        try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
            assertThat(watch(socket, List.of("a", "b")).path("watching").asInt())
                    .isEqualTo(2);
            JsonNode none = watch(socket, List.of());
            assertThat(none.path("watching").isNumber()).isTrue();
            assertThat(none.has("all")).isFalse();
            JsonNode all = watch(socket, "all");
            assertThat(all.path("watching").isNumber()).isTrue();
            assertThat(all.path("all").asBoolean()).isTrue();
        }
    }

    @Test
    void timesOfCredentialsHaveMilliseconds() {
        String token = server.token("acme", "ada", Role.OPERATOR, Duration.ofSeconds(8));
        try (TestSocket socket = TestSocket.connected(server, token)) {
            String expiring =
                    socket.event("auth:expiring").get(1).path("expiresAt").asString();
            String renewed = socket.emit("auth:renew", Map.of("token", server.token("acme", "ada", Role.OPERATOR)))
                    .join()
                    .path("expiresAt")
                    .asString();

            assertThat(expiring).matches(MILLISECONDS);
            assertThat(renewed).matches(MILLISECONDS);
        }
    }

    /** Python reads an absent field as absent, and null as None: an agent would have called refund(None). */
    @Test
    void argsThatWereNotEditedAreAbsentFromTheResolutionEverywhere() {
        String token = server.token("acme", "ada", Role.OPERATOR);
        TestClient ada = server.as(token);
        try (TestSocket socket = TestSocket.connected(server, token)) {
            JsonNode asked = server.as(server.key("acme", "asker"))
                    .post("/v1/approvals", "{\"title\":\"Refund?\",\"action\":{\"name\":\"refund\"}}")
                    .json();
            String path = "/v1/approvals/" + asked.path("id").asString();
            String decision = "{\"outcome\":\"approved\",\"digest\":\""
                    + asked.at("/action/digest").asString() + "\"}";

            List<JsonNode> resolutions = List.of(
                    ada.post(path + "/decision", decision).json().path("resolution"),
                    ada.post(path + "/decision", decision).json().path("resolution"),
                    ada.get(path).json().path("resolution"),
                    socket.event("approval:resolved").at("/1/data/resolution"),
                    ada.get("/v1/approvals").json().at("/data/0/resolution"),
                    ada.get(path + "/timeline").json().at("/data/1/detail/resolution"));

            assertThat(resolutions).allSatisfy(resolution -> {
                assertThat(resolution.path("outcome").asString()).isEqualTo("approved");
                assertThat(resolution.has("args")).isFalse();
            });
        }
    }

    private static JsonNode watch(TestSocket socket, Object agents) {
        return socket.emit("topics:watch", Map.of("agents", agents)).join();
    }
}
