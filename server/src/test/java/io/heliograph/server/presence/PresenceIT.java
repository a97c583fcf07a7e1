package io.heliograph.server.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Presence over real sockets. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class PresenceIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void membersSeeEachOtherComeLookAndGo() {
        try (TestServer server = TestServer.start(folder);
                TestSocket foreign = TestSocket.connected(server, server.token("globex", "eve", Role.OWNER));
                TestSocket key = TestSocket.connected(server, server.key("acme", "robot"));
                TestSocket ada = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
            try (TestSocket bob = TestSocket.connected(server, server.token("acme", "bob", Role.VIEWER))) {
                await().atMost(SOON).until(() -> seen(bob).equals("ada bob"));
                await().atMost(SOON).until(() -> seen(ada).equals("ada bob"));

                assertThat(set(bob, "apr_1")).hasToString("{\"ok\":true}");
                await().atMost(SOON).until(() -> seen(ada).equals("bob@apr_1 ada"));
                assertThat(set(bob, null)).hasToString("{\"ok\":true}");
                await().atMost(SOON).until(() -> seen(ada).equals("ada bob"));
            }
            await().atMost(SOON).until(() -> seen(ada).equals("ada"));
            assertThat(key.presenceWaiting()).isEmpty();
            assertThat(set(key, "apr_1").at("/error/code").asString()).isEqualTo("forbidden");
            assertThat(seen(foreign)).isEqualTo("eve");
            assertThat(server.as(server.token("acme", "ada", Role.OPERATOR))
                            .get("/v1/events")
                            .body())
                    .doesNotContain("presence:");
            assertThat(server.anonymous().get("/metrics").body()).contains("heliograph_presence_workspaces 2.0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"approvalId\":\"\"}",
                "{\"approvalId\":7}",
                "{\"approvalId\":[\"apr_1\"]}",
                "{\"approvalId\":\"apr 1\"}",
                "{\"approvalId\":\"apr_\u202e1\"}",
                "{\"approvalId\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"
            })
    void anApprovalThatIsNoIdIsRefusedByItsField(String argument) {
        try (TestServer server = TestServer.start(folder);
                TestSocket ada = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
            JsonNode error = ada.emitJson("presence:set", argument).join().path("error");

            assertThat(error.path("code").asString()).isEqualTo("invalid_request");
            assertThat(error.at("/errors/0/field").asString()).isEqualTo("approvalId");
        }
    }

    @Test
    void itCanBeSwitchedOff() {
        try (TestServer server = TestServer.start(folder, "heliograph.presence.enabled=false");
                TestSocket ada = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
            JsonNode error = set(ada, "apr_1").path("error");

            assertThat(error.path("code").asString()).isEqualTo("forbidden");
            assertThat(error.path("message").asString()).contains("heliograph.presence.enabled");
            assertThat(ada.presenceWaiting()).isEmpty();
        }
    }

    private static JsonNode set(TestSocket socket, @Nullable String approvalId) {
        String id = approvalId == null ? "null" : "\"" + approvalId + "\"";
        return socket.emitJson("presence:set", "{\"approvalId\":" + id + "}").join();
    }

    /** The newest update, such as {@code ada@apr_1 bob}. */
    static String seen(TestSocket socket) {
        if (socket.presenceWaiting().isEmpty()) {
            return "";
        }
        StringBuilder seen = new StringBuilder();
        for (JsonNode member : socket.presenceWaiting().getLast().path("members")) {
            seen.append(seen.isEmpty() ? "" : " ").append(member.path("name").asString());
            if (member.has("approvalId")) {
                seen.append("@").append(member.path("approvalId").asString());
            }
        }
        return seen.toString();
    }
}
