package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code /metrics} says after real traffic. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class MetricsIT {
    @TempDir
    Path folder;

    @Test
    void trafficShowsInTheMetrics() {
        try (TestServer server = TestServer.start(folder)) {
            String token = server.token("acme", "ada", Role.OPERATOR);
            TestClient robot = server.as(server.key("acme", "robot"));
            robot.put("/v1/agents/agt_1", Map.of("status", "idle"));
            try (TestSocket first = TestSocket.connected(server, token);
                    TestSocket _ = TestSocket.connected(server, server.token("other", "eve", Role.OPERATOR))) {
                IntStream.range(0, 20).forEach(number -> write(robot, number));
                JsonNode event = first.event();
                while (event.get(1).path("offset").asLong() < 11) {
                    event = first.event();
                }
                String cursor = event.get(2).asString();
                String pid = first.connectAnswer().path("pid").asString();
                try (TestSocket again = TestSocket.open(server);
                        TestSocket forged = TestSocket.open(server);
                        TestSocket stranger = TestSocket.open(server)) {
                    again.connect(Map.of("token", token, "pid", pid, "offset", cursor));
                    forged.connect(Map.of("token", token, "cursor", cursor.replaceFirst("^\\w+", "zzzz")));
                    stranger.connect(Map.of("token", "x.y.z"));

                    assertThat(again.event().get(1).path("offset").asLong()).isEqualTo(12);
                    assertThat(forged.event("reset").get(1).path("reason").asString())
                            .isEqualTo("epoch-changed");
                    assertThat(stranger.connectError().at("/data/code").asString())
                            .startsWith("token_");
                    resetTheLog(server);
                    assertThat(first.event("reset").get(1).path("reason").asString())
                            .isEqualTo("epoch-changed");
                    write(robot, 20);
                    first.event("agent:message");

                    String metrics = server.anonymous().get("/metrics").body();
                    assertThat(value(metrics, "heliograph_gateway_sockets")).isEqualTo(4);
                    assertThat(value(metrics, "heliograph_gateway_workspaces{sockets=\"1-9\"}"))
                            .isEqualTo(2);
                    assertThat(value(metrics, "heliograph_gateway_workspaces_sockets{sockets=\"1-9\"}"))
                            .isEqualTo(4);
                    assertThat(value(metrics, "heliograph_gateway_workspaces{sockets=\"1000+\"}"))
                            .isZero();
                    assertThat(value(metrics, "heliograph_log_events_total")).isGreaterThanOrEqualTo(21);
                    assertThat(value(metrics, "heliograph_gateway_events_delivered_total"))
                            .isBetween(20.0, value(metrics, "heliograph_log_events_total"));
                    assertThat(value(metrics, "heliograph_gateway_commit_to_write_seconds_count"))
                            .isEqualTo(value(metrics, "heliograph_gateway_events_delivered_total"));
                    assertThat(value(metrics, "heliograph_gateway_commit_to_write_seconds_bucket{le=\"+Inf\"}"))
                            .isEqualTo(value(metrics, "heliograph_gateway_commit_to_write_seconds_count"));
                    assertThat(value(metrics, "heliograph_gateway_commit_to_write_seconds_max"))
                            .isLessThan(20);
                    assertThat(value(metrics, "heliograph_feeds_lag_seconds_count"))
                            .isPositive();
                    assertThat(value(metrics, "heliograph_feeds_catch_up_max")).isGreaterThanOrEqualTo(10);
                    assertThat(value(metrics, "heliograph_feeds_active")).isEqualTo(2);
                    assertThat(value(metrics, "heliograph_feeds_memory_bytes")).isPositive();
                    assertThat(value(metrics, "heliograph_gateway_recoveries_total{outcome=\"fresh\"}"))
                            .isEqualTo(2);
                    assertThat(value(metrics, "heliograph_gateway_recoveries_total{outcome=\"recovered\"}"))
                            .isEqualTo(1);
                    assertThat(value(metrics, "heliograph_gateway_recoveries_total{outcome=\"epoch-changed\"}"))
                            .isPositive();
                    assertThat(value(metrics, "heliograph_feeds_resets_total{reason=\"epoch-changed\"}"))
                            .isPositive();
                    assertThat(metrics)
                            .containsPattern("heliograph_gateway_connects_refused_total\\{code=\"token_\\w+\"}");
                    assertThat(value(metrics, "heliograph_gateway_limits_met_total{limit=\"max-sockets\"}"))
                            .isZero();
                    assertThat(value(metrics, "heliograph_gateway_slow_closes_total"))
                            .isZero();
                    assertThat(value(metrics, "heliograph_feeds_gaps_filled_total"))
                            .isNotNegative();
                    assertThat(metrics).doesNotContain("acme", token);
                }
            }
            await().until(() -> value(server.anonymous().get("/metrics").body(), "heliograph_gateway_sockets") == 0);
        }
    }

    private static void write(TestClient robot, int number) {
        TestClient.Answer answer = robot.post("/v1/agents/agt_1/messages", Map.of("text", "message " + number));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static void resetTheLog(TestServer server) {
        WorkspaceId workspace = server.workspace("acme");
        ((SqlEventLog) server.part(EventLog.class)).reset(workspace);
    }

    /** The value of the series with exactly this name and these labels. */
    private static double value(String metrics, String series) {
        Matcher matcher = Pattern.compile("^" + Pattern.quote(series) + " (\\S+)", Pattern.MULTILINE)
                .matcher(metrics);
        assertThat(matcher.find()).as(series).isTrue();
        return Double.parseDouble(matcher.group(1));
    }
}
