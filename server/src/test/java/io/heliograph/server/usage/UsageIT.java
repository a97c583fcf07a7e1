package io.heliograph.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.limits.WorkspaceLimit;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The limits of a workspace and their use, for viewers and keys. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class UsageIT {
    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder, "heliograph.limits.max-agents=7");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyLimitOfTheWorkspaceIsThere() {
        JsonNode data = usage(server.as(server.token("acme", "vera", Role.VIEWER)));

        List<String> settings =
                data.valueStream().map(use -> use.path("setting").asString()).toList();
        List<String> names = data.valueStream()
                .map(use ->
                        use.path("name").asString() + " of " + use.path("scope").asString())
                .toList();
        assertThat(settings)
                .containsAll(Arrays.stream(WorkspaceLimit.values())
                        .map(WorkspaceLimit::setting)
                        .toList());
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains(
                        "reads of caller",
                        "sockets of workspace",
                        "sockets of caller",
                        "longPolls of caller",
                        "waits of workspace",
                        "auditExports of caller");
    }

    @Test
    void whatIsStoredIsCountedForItsWorkspaceOnly() {
        TestClient owner = server.as(server.token("counted", "olga", Role.OWNER));
        server.member("counted", "ada", Role.OPERATOR);
        TestClient robot = server.as(server.key("counted", "robot"));
        robot.post("/v1/approvals", Map.of("title", "t", "agentId", "bot", "action", Map.of("name", "n")));
        robot.post("/v1/agents/bot/messages", Map.of("text", "one"));
        robot.post("/v1/agents/bot/messages", Map.of("text", "two"));
        owner.post("/v1/views", Map.of("name", "mine", "screen", "agents", "query", "", "shared", true));

        JsonNode data = usage(owner);
        JsonNode other = usage(server.as(server.token("uncounted", "eve", Role.OWNER)));

        assertThat(use(data, "members", "workspace").path("used").asInt()).isEqualTo(2);
        assertThat(use(data, "apiKeys", "workspace").path("used").asInt()).isEqualTo(1);
        assertThat(use(data, "agents", "workspace").path("used").asInt()).isEqualTo(1);
        assertThat(use(data, "agents", "workspace").path("limit").asInt()).isEqualTo(7);
        assertThat(use(data, "pendingApprovals", "workspace").path("used").asInt())
                .isEqualTo(1);
        assertThat(use(data, "messages", "agent").path("used").asInt()).isEqualTo(2);
        assertThat(use(data, "storage", "workspace").path("used").asInt()).isPositive();
        assertThat(use(data, "views", "caller").path("used").asInt()).isEqualTo(1);
        assertThat(use(data, "sharedViews", "workspace").path("used").asInt()).isEqualTo(1);
        assertThat(use(data, "writes", "caller").path("perSecond").asInt()).isEqualTo(5000);
        assertThat(use(other, "agents", "workspace").path("used").asInt()).isZero();
        assertThat(use(other, "members", "workspace").path("used").asInt()).isEqualTo(1);
    }

    @Test
    void aKeyHasNoViews() {
        JsonNode data = usage(server.as(server.key("acme", "robot")));

        assertThat(data.valueStream().map(use -> use.path("name").asString()))
                .contains("sharedViews")
                .doesNotContain("views");
    }

    private static JsonNode usage(TestClient client) {
        TestClient.Answer answer = client.get("/v1/usage");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("data");
    }

    private static JsonNode use(JsonNode data, String name, String scope) {
        return data.valueStream()
                .filter(use -> use.path("name").asString().equals(name)
                        && use.path("scope").asString().equals(scope))
                .findFirst()
                .orElseThrow();
    }
}
