package io.heliograph.server.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets them
final class OperationsIT {
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
    void theServerLivesAndIsReady() {
        TestClient.Answer live = server.anonymous().get("/health/live");
        TestClient.Answer ready = server.anonymous().get("/health/ready");

        assertThat(live.status()).isEqualTo(200);
        assertThat(live.json().path("status").asString()).isEqualTo("up");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().at("/checks/database").asString()).isEqualTo("up");
    }

    @Test
    void requestsAreCountedByRouteAndNeverByPath() {
        TestClient owner = server.as(server.token("acme", "owner", Role.OWNER));
        owner.delete("/v1/members/mem_secret");
        owner.get("/v1/members");

        await().until(() -> metrics().contains("route=\"/v1/members/{id}\""));
        assertThat(metrics())
                .contains("method=\"DELETE\",route=\"/v1/members/{id}\",status=\"404\"")
                .contains("heliograph_log_commits_seconds_count", "jvm_memory_used_bytes")
                .doesNotContain("mem_secret");
    }

    private static String metrics() {
        return server.anonymous().get("/metrics").body();
    }
}
