package io.heliograph.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.TestClient;
import io.heliograph.server.TestServer;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
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
