package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/** An id with unusual characters is answered like any unknown id: 404, with the same text. */
class UnusualIdsIT {
    static final List<String> IDS = List.of("a b", " ", "größe", "😀", "a/b", "a\nb", "%", "x".repeat(200));

    private static TestServer server;
    private static TestClient owner;
    private static TestClient key;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServer.start(folder);
        owner = server.as(server.token("acme", "owner", Role.OWNER));
        key = server.as(server.key("acme", "robot"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void noApprovalHasThem(String id) {
        String path = "/v1/approvals/" + encoded(id);

        for (TestClient.Answer answer : List.of(
                owner.get(path),
                owner.get(path + "/timeline"),
                key.post(path + "/cancel", "{}"),
                key.post(path + "/extend", Map.of("expiresIn", 60)),
                owner.put(path + "/claim", ""),
                owner.delete(path + "/claim"),
                owner.post(path + "/decision", decision()))) {
            assertNotFound(answer, "There is no such approval in this workspace.");
        }
        JsonNode listed = owner.get("/v1/approvals?agentId=a" + encoded(id)).json();
        assertThat(listed.get("data")).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void aBulkDecisionRepeatsThem(String id) {
        Map<String, Object> item = Map.of("id", id, "outcome", "approved", "digest", "0".repeat(64));
        TestClient.Answer answer = owner.post("/v1/approvals/bulk-decision", Map.of("decisions", List.of(item)));

        if (id.isBlank() || id.length() > 64) {
            assertInvalid(answer, "decisions[0].id", "must be 1 to 64 characters, and not blank");
        } else {
            JsonNode outcome = answer.json().at("/data/0");
            assertThat(outcome.get("id").asString()).isEqualTo(id);
            assertThat(outcome.get("status").asInt()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void noAgentHasThem(String id) {
        String path = "/v1/agents/" + encoded(id);

        for (TestClient.Answer answer : List.of(
                owner.get(path),
                owner.get(path + "/messages"),
                key.post(path + "/heartbeat", ""),
                key.delete(path + "/lease"),
                owner.put(path + "/owner", Map.of("keyId", "key_1")),
                owner.post(path + "/messages", Map.of("text", "Hello")))) {
            assertNotFound(answer, "There is no agent " + id + " in this workspace.");
        }
        for (TestClient.Answer answer :
                List.of(key.put(path, "{}"), key.post(path + "/messages", Map.of("text", "Hello")))) {
            assertInvalid(answer, "agentId", "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
        }
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void noMemberHasThem(String id) {
        String path = "/v1/members/" + encoded(id);

        for (TestClient.Answer answer : List.of(
                owner.patch(path, Map.of("role", "viewer")),
                owner.delete(path),
                owner.post(path + "/sign-in-link", "{}"))) {
            assertNotFound(answer, "There is no member " + id + " in this workspace");
        }
        JsonNode sessions = owner.get("/v1/sessions?memberId=a" + encoded(id)).json();
        assertThat(sessions.get("data")).isEmpty();
    }

    private static void assertNotFound(TestClient.Answer answer, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(answer.json().path("detail").asString()).isEqualTo(detail);
    }

    private static void assertInvalid(TestClient.Answer answer, String field, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(answer.json().at("/errors/0/detail").asString()).isEqualTo(detail);
    }

    private static Map<String, Object> decision() {
        return Map.of("outcome", "approved", "digest", "0".repeat(64));
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, UTF_8).replace("+", "%20");
    }
}
