package io.heliograph.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DemoIT {

    @Test
    void agentsWorkAskAndGoOnAsTheyAreTold(@TempDir Path folder) {
        Set<String> asked = new HashSet<>();
        try (TestServer server = TestServer.start(folder, "heliograph.demo=true", "heliograph.demo-pace=10ms")) {
            TestClient owner = server.as(server.token("default", "owner", Role.OWNER));

            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                decideAll(owner, asked);
                return asked.size() == 5;
            });

            String support = "/v1/agents/agt_support_desk/messages?limit=200";
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> owner.get(support).body().contains("owner approved it"));
            assertThat(owner.get("/v1/agents").json().get("data")).hasSize(5);
        }
        try (TestServer server = TestServer.start(folder)) {
            JsonNode counts = server.as(server.token("default", "owner", Role.OWNER))
                    .get("/v1/agents")
                    .json()
                    .get("counts");
            assertThat(counts.get("offline").asInt()).isEqualTo(5);
        }
    }

    /** Each start has keys of its own. */
    @Test
    void agentsOfAnEarlierStartGoOn(@TempDir Path folder) {
        Map<String, Instant> registered = new HashMap<>();
        for (int start = 1; start <= 2; start++) {
            Instant begun = Instant.now();
            try (TestServer server = TestServer.start(folder, "heliograph.demo=true", "heliograph.demo-pace=10ms")) {
                TestClient owner = server.as(server.token("default", "owner", Role.OWNER));
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    JsonNode agents = owner.get("/v1/agents").json().get("data");
                    assertThat(agents).hasSize(5).allSatisfy(agent -> {
                        assertThat(agent.get("status").asString()).isIn("working", "waiting_approval", "idle", "error");
                        assertThat(Instant.parse(agent.get("lastSeenAt").asString()))
                                .isAfter(begun);
                    });
                });
                for (JsonNode agent : owner.get("/v1/agents").json().get("data")) {
                    Instant createdAt = Instant.parse(agent.get("createdAt").asString());
                    assertThat(registered.merge(agent.get("id").asString(), createdAt, (first, _) -> first))
                            .isEqualTo(createdAt);
                    JsonNode keys = owner.get("/v1/api-keys").json().get("data");
                    assertThat(keys.valueStream()
                                    .filter(key -> key.get("lineage").equals(agent.at("/owner/keyId"))))
                            .hasSize(start);
                }
            }
        }
    }

    private static void decideAll(TestClient owner, Set<String> asked) {
        for (JsonNode approval :
                owner.get("/v1/approvals?status=pending").json().get("data")) {
            asked.add(approval.get("agentId").asString());
            owner.post(
                    "/v1/approvals/" + approval.get("id").asString() + "/decision",
                    Map.of(
                            "outcome",
                            "approved",
                            "digest",
                            approval.at("/action/digest").asString()));
        }
    }
}
