package io.heliograph.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.json.Json;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What members choose to be notified of, over HTTP. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class NotificationPreferencesIT {
    private static final String PATH = "/v1/notifications/preferences";

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
    void aMemberHasTheDefaultsUntilItChangesThem() {
        TestClient ada = member("defaults", "ada", Role.OPERATOR);

        assertThat(ada.get(PATH).json()).isEqualTo(json("""
                {"inApp":{"approval.requested":true,"approval.expired":true,"agent.offline":true,"agent.error":true},
                "desktop":{"approval.requested":true,"approval.expired":false,"agent.offline":false,"agent.error":false,
                "minRisk":"high"}}\
                """));
    }

    @Test
    void theyAreTheMembersOwnAndReplacedAsAWhole() {
        TestClient ada = member("own", "ada", Role.OPERATOR);
        TestClient bob = member("own", "bob", Role.VIEWER);
        TestClient elsewhere = member("elsewhere", "ada", Role.OPERATOR);

        TestClient.Answer changed = ada.put(
                PATH,
                Map.of(
                        "inApp",
                        Map.of("agent.error", false, "approval.expired", false),
                        "desktop",
                        Map.of("approval.requested", false, "agent.offline", true, "minRisk", "low")));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json()).isEqualTo(json("""
                {"inApp":{"approval.requested":true,"approval.expired":false,"agent.offline":true,"agent.error":false},
                "desktop":{"approval.requested":false,"approval.expired":false,"agent.offline":true,"agent.error":false,
                "minRisk":"low"}}\
                """));
        assertThat(ada.get(PATH).json()).isEqualTo(changed.json());
        assertThat(bob.get(PATH).json().at("/inApp/agent.error").asBoolean()).isTrue();
        assertThat(elsewhere.get(PATH).json().at("/inApp/agent.error").asBoolean())
                .isTrue();
        assertThat(ada.put(PATH, Map.of()).json()).isEqualTo(bob.get(PATH).json());
    }

    @Test
    void aKindThatIsOffMakesNoNotificationAndNoCount() {
        TestClient ada = member("off", "ada", Role.OPERATOR);
        TestClient bob = member("off", "bob", Role.OPERATOR);
        TestClient robot = server.as(server.key("off", "robot"));
        ada.put(PATH, Map.of("inApp", Map.of("agent.error", false)));
        String before = ada.get("/v1/overview").json().path("asOf").asString();

        robot.put("/v1/agents/bot", Map.of("status", "working"));
        robot.put("/v1/agents/bot", Map.of("status", "error", "error", "out of memory"));
        robot.post("/v1/approvals", Map.of("title", "t", "agentId", "bot", "action", Map.of("name", "n")));

        assertThat(kinds(ada)).containsExactly("approval.requested");
        assertThat(kinds(bob)).containsExactly("approval.requested", "agent.error");
        assertThat(inbox(ada).path("unseen").asInt()).isEqualTo(1);
        assertThat(inbox(bob).path("unseen").asInt()).isEqualTo(2);
        assertThat(ada.get("/v1/events?after=" + before).json().path("data").valueStream())
                .extracting(event -> event.path("type").asString())
                .containsOnlyOnce("notification:new");
    }

    @ParameterizedTest
    @CsvSource({
        "inApp, approval.requested, false",
        "inApp, approval.requested, null",
        "inApp, agent.offline, 0",
        "inApp, mention, true",
        "inApp, minRisk, \"low\"",
        "desktop, minRisk, \"none\"",
        "desktop, agent.error, \"true\""
    })
    void whatTheyMayNotHoldIsRefusedByItsName(String channel, String field, String value) {
        TestClient ada = member("values", "ada", Role.OPERATOR);

        TestClient.Answer answer = ada.put(PATH, "{\"" + channel + "\":{\"" + field + "\":" + value + "}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(channel + "." + field);
    }

    @Test
    void aKeyHasNone() {
        TestClient robot = server.as(server.key("keys", "robot"));

        assertThat(robot.get(PATH).code()).isEqualTo("forbidden");
        assertThat(robot.put(PATH, Map.of()).code()).isEqualTo("forbidden");
    }

    @Test
    void aChangeIsInTheTrailOnceAndThePreferencesEndWithTheirMember() {
        TestClient owner = member("ends", "olga", Role.OWNER);
        TestClient ada = member("ends", "ada", Role.OPERATOR);
        String id = server.member("ends", "ada", Role.OPERATOR);
        Map<String, Object> wanted = Map.of("inApp", Map.of("agent.offline", false));

        ada.put(PATH, wanted);
        ada.put(PATH, wanted);

        JsonNode entries = owner.get("/v1/audit?action=member.notifications_changed")
                .json()
                .path("data");
        assertThat(entries).hasSize(1);
        assertThat(entries.at("/0/subject/id").asString()).isEqualTo(id);
        assertThat(entries.at("/0/detail/inApp/agent.offline").asBoolean(true)).isFalse();
        assertThat(rows(id)).isEqualTo(1);

        owner.delete("/v1/members/" + id);

        assertThat(rows(id)).isZero();
    }

    private static TestClient member(String slug, String handle, Role role) {
        return server.as(server.token(slug, handle, role));
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    private static JsonNode inbox(TestClient client) {
        return client.get("/v1/notifications?state=all").json();
    }

    private static List<String> kinds(TestClient client) {
        return inbox(client)
                .path("data")
                .valueStream()
                .map(one -> one.path("kind").asString())
                .toList();
    }

    private static long rows(String member) {
        return server.part(JdbcClient.class)
                .sql("select count(*) from notification_preference where member_id = ?")
                .param(member)
                .query(Long.class)
                .single();
    }
}
