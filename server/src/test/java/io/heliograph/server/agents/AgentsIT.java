package io.heliograph.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents, messages, notifications, the trail and the overview, over HTTP. */
class AgentsIT {
    private static TestServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anAgentRegistersReportsAndStops() {
        TestClient key = server.as(server.key("ops", "builder"));

        JsonNode registered = key.put("/v1/agents/agt_1", Map.of("name", "Builder", "lease", Map.of("seconds", 30)))
                .json();
        JsonNode working = key.put("/v1/agents/agt_1", Map.of("status", "working", "currentTask", "build 7"))
                .json();
        TestClient.Answer beat = key.post("/v1/agents/agt_1/heartbeat", "");
        TestClient.Answer stopped = key.delete("/v1/agents/agt_1/lease");

        assertThat(registered.get("status").asString()).isEqualTo("idle");
        assertThat(registered.at("/lease/seconds").asInt()).isEqualTo(30);
        assertThat(working.get("version").asInt()).isEqualTo(2);
        assertThat(beat.json().get("version").asInt()).isEqualTo(2);
        assertThat(stopped.status()).isEqualTo(204);
        JsonNode list = key.get("/v1/agents").json();
        assertThat(list.at("/data/0/status").asString()).isEqualTo("offline");
        assertThat(list.at("/counts/offline").asInt()).isEqualTo(1);
        assertThat(list.get("asOf").asString()).isNotEmpty();
        assertThat(key.post("/v1/agents/agt_9/heartbeat", "").status()).isEqualTo(404);
        assertThat(key.put("/v1/agents/no%20id", Map.of()).status()).isEqualTo(400);
    }

    @Test
    void messagesPageBackwardsAndRepeatSafely() {
        TestClient key = server.as(server.key("talk", "writer"));
        key.put("/v1/agents/agt_1", Map.of("name", "Writer"));
        for (int index = 1; index <= 5; index++) {
            TestClient.Answer written = key.post(
                    "/v1/agents/agt_1/messages", Map.of("text", "line " + index), "Idempotency-Key", "line-" + index);
            assertThat(written.status()).isEqualTo(201);
        }
        TestClient.Answer again =
                key.post("/v1/agents/agt_1/messages", Map.of("text", "line 5"), "Idempotency-Key", "line-5");

        JsonNode first = key.get("/v1/agents/agt_1/messages?limit=3").json();
        JsonNode second = key.get("/v1/agents/agt_1/messages?limit=3&cursor="
                        + first.get("nextCursor").asString())
                .json();

        assertThat(again.json().get("seq").asInt()).isEqualTo(5);
        assertThat(first.at("/data/0/seq").asInt()).isEqualTo(5);
        assertThat(second.get("data")).hasSize(2);
        assertThat(second.at("/data/1/text").asString()).isEqualTo("line 1");
        assertThat(key.get("/v1/agents/agt_2/messages").status()).isEqualTo(404);
    }

    @Test
    void membersWriteAsOperatorsAndKeysAsAgents() {
        TestClient key = server.as(server.key("roles", "writer"));
        TestClient olga = server.as(server.token("roles", "olga", Role.OPERATOR));
        TestClient vera = server.as(server.token("roles", "vera", Role.VIEWER));
        key.put("/v1/agents/agt_1", Map.of("name", "Writer"));
        String path = "/v1/agents/agt_1/messages";

        assertThat(olga.post(path, Map.of("text", "hello")).json().get("role").asString())
                .isEqualTo("operator");
        assertThat(olga.post(path, Map.of("text", "hello", "role", "agent")).status())
                .isEqualTo(403);
        assertThat(key.post(path, Map.of("text", "hello", "role", "operator")).status())
                .isEqualTo(403);
        assertThat(vera.post(path, Map.of("text", "hello")).status()).isEqualTo(403);
        assertThat(server.as(server.key("roles", "reader", Scope.READ))
                        .post(path, Map.of("text", "x"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aRequestReachesTheInboxAndLeavesItWhenItIsDecided() {
        TestClient key = server.as(server.key("inbox", "agent"));
        TestClient olga = server.as(server.token("inbox", "olga", Role.OPERATOR));
        TestClient owner = server.as(server.token("inbox", "owner", Role.OWNER));
        JsonNode approval = key.post(
                        "/v1/approvals",
                        Map.of("title", "Drop table?", "action", Map.of("name", "sql"), "risk", "critical"))
                .json();

        JsonNode inbox = olga.get("/v1/notifications").json();
        JsonNode overview = olga.get("/v1/overview").json();
        olga.post("/v1/notifications/mark", Map.of("all", true, "change", "seen"));
        JsonNode seen = olga.get("/v1/overview").json();
        owner.post(
                "/v1/approvals/" + approval.get("id").asString() + "/decision",
                Map.of(
                        "outcome",
                        "rejected",
                        "digest",
                        approval.at("/action/digest").asString()));

        assertThat(inbox.at("/data/0/kind").asString()).isEqualTo("approval.requested");
        assertThat(inbox.at("/data/0/severity").asString()).isEqualTo("critical");
        assertThat(inbox.at("/data/0/url").asString())
                .isEqualTo("/approvals/" + approval.get("id").asString());
        assertThat(inbox.get("unseen").asInt()).isEqualTo(1);
        assertThat(overview.at("/approvals/critical").asInt()).isEqualTo(1);
        assertThat(overview.at("/agents/waiting_approval").asInt()).isEqualTo(1);
        assertThat(overview.at("/notifications/unseen").asInt()).isEqualTo(1);
        assertThat(seen.at("/notifications/unseen").asInt()).isZero();
        assertThat(olga.get("/v1/notifications?state=unread").json().get("data"))
                .isEmpty();
        assertThat(key.get("/v1/notifications").status()).isEqualTo(403);
        JsonNode trail = owner.get("/v1/audit?limit=2").json();
        assertThat(trail.get("data")).hasSize(2);
        assertThat(owner.get("/v1/audit").body()).contains("approval.resolved", "approval.created", "agent.registered");
        assertThat(olga.get("/v1/audit").status()).isEqualTo(403);
    }
}
