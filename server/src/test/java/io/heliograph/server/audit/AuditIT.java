package io.heliograph.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The filters of the audit trail over HTTP. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class AuditIT {
    @TempDir
    static Path folder;

    static TestServer server;
    static TestClient owner;
    static TestClient operator;
    static TestClient robot;
    static String ownerId;
    static String operatorId;
    static String robotId;
    static String approvalId;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
        owner = server.as(server.token("acme", "olga", Role.OWNER));
        operator = server.as(server.token("acme", "ada", Role.OPERATOR));
        robot = server.as(server.key("acme", "=robot,1"));
        ownerId = server.member("acme", "olga", Role.OWNER);
        operatorId = server.member("acme", "ada", Role.OPERATOR);
        robotId = robot.get("/v1/whoami").json().path("credentialId").asString();
        JsonNode approval = robot.post(
                        "/v1/approvals",
                        "{\"title\":\"t\",\"agentId\":\"bot\",\"action\":{\"name\":\"n\",\"args\":{\"a\":1}}}")
                .json();
        approvalId = approval.path("id").asString();
        operator.post(
                "/v1/approvals/" + approvalId + "/decision",
                Map.of(
                        "outcome",
                        "approved",
                        "digest",
                        approval.at("/action/digest").asString()));
        owner.post("/v1/members", Map.of("handle", "bob", "role", "viewer"));
        server.as(server.token("other", "eve", Role.OWNER))
                .post("/v1/members", Map.of("handle", "mallory", "role", "viewer"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anActorIsAMemberAnAgentOrTheKeyThatAnAgentUsed() {
        assertThat(actions("actor=" + operatorId))
                .contains("approval.resolved")
                .doesNotContain("approval.created", "member.added");
        assertThat(actions("actor=bot")).contains("approval.created");
        assertThat(actions("actor=" + robotId)).contains("approval.created");
        assertThat(actions("actor=" + operatorId + "," + robotId)).contains("approval.created", "approval.resolved");
        assertThat(actions("actor=" + operatorId + "&action=member.added")).isEmpty();
    }

    @Test
    void actionsSubjectsAndTimesNarrowTheTrail() {
        assertThat(actions("action=approval.created,approval.resolved"))
                .containsExactly("approval.resolved", "approval.created");
        assertThat(actions("subject=" + approvalId)).containsExactly("approval.resolved", "approval.created");
        assertThat(actions("subject=" + approvalId + "&action=approval.created"))
                .containsExactly("approval.created");
        String resolvedAt = owner.get("/v1/audit?action=approval.resolved")
                .json()
                .at("/data/0/at")
                .asString();
        assertThat(actions("from=" + resolvedAt + "&action=approval.resolved")).hasSize(1);
        assertThat(actions("to=" + resolvedAt + "&action=approval.resolved")).isEmpty();
        assertThat(actions("from=" + resolvedAt + "&to=" + resolvedAt)).isEmpty();
    }

    @Test
    void anotherWorkspacesIdsFindNothing() {
        String eve = server.member("other", "eve", Role.OWNER);

        assertThat(actions("actor=" + eve)).isEmpty();
        assertThat(actions("subject=" + server.workspace("other").value())).isEmpty();
        assertThat(owner.get("/v1/audit?limit=200").body()).doesNotContain("mallory");
        assertThat(owner.get("/v1/audit/export").body()).doesNotContain("mallory");
    }

    @Test
    void aCursorBelongsToItsFilter() {
        String cursor = owner.get("/v1/audit?action=member.added&limit=1")
                .json()
                .path("nextCursor")
                .asString();

        assertThat(owner.get("/v1/audit?action=member.added&limit=1&cursor=" + cursor)
                        .status())
                .isEqualTo(200);
        assertThat(owner.get("/v1/audit?action=member.removed&cursor=" + cursor).code())
                .isEqualTo("cursor_invalid");
        assertThat(owner.get("/v1/audit?cursor=" + cursor).code()).isEqualTo("cursor_invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "actor=,",
                "actor=a,,b",
                "actor=a,%20",
                "action=x%2C",
                "subject=%20%20",
                "from=yesterday",
                "from=%2B999999999-01-01T00:00:00Z",
                "to=-0001-01-01T00:00:00Z",
                "to=2026-13-01T00:00:00Z"
            })
    void whatIsNoFilterIsRefusedByItsName(String query) {
        for (String path : List.of("/v1/audit?", "/v1/audit/export?")) {
            TestClient.Answer answer = owner.get(path + query);

            assertThat(answer.status()).as(path + query).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/field").asString())
                    .isEqualTo(query.substring(0, query.indexOf('=')));
        }
    }

    @Test
    void longAndManyValuesAreRefusedAndStrangeOnesFindNothing() {
        assertThat(owner.get("/v1/audit?actor=" + "a".repeat(65)).status()).isEqualTo(400);
        assertThat(owner.get("/v1/audit?subject=" + "a".repeat(65)).status()).isEqualTo(400);
        assertThat(owner.get("/v1/audit?action=" + "a,".repeat(20) + "a").status())
                .isEqualTo(400);
        assertThat(actions("actor=" + "a,".repeat(19) + "a")).isEmpty();
        assertThat(actions("actor=%E2%80%AE'%3B--,%22,%25&subject=%F0%9F%98%80"))
                .isEmpty();
    }

    private static List<String> actions(String query) {
        return entries(query).stream()
                .map(entry -> entry.path("action").asString())
                .toList();
    }

    private static List<JsonNode> entries(String query) {
        List<JsonNode> entries = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = owner.get("/v1/audit?limit=2&" + query + cursor).json();
            page.path("data").forEach(entries::add);
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asString()
                    : "";
        } while (!cursor.isEmpty());
        return entries;
    }
}
