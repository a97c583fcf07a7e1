package io.heliograph.server.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.limits.UsageRecount;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is old goes, what refers to it stays usable, and the counters follow. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class RetentionIT {
    @TempDir
    Path folder;

    @Test
    void whatIsKeptNoLongerIsRemovedAndCursorsStayValid() {
        try (TestServer server = TestServer.start(
                folder,
                "heliograph.retention.interval=100ms",
                "heliograph.retention.decided-approvals=1d",
                "heliograph.retention.messages=1d",
                "heliograph.retention.read-notifications=1d",
                "heliograph.retention.audit=1d")) {
            TestClient robot = server.as(server.key("acme", "robot"));
            TestClient ada = server.as(server.token("acme", "ada", Role.OPERATOR));
            List<String> ids = IntStream.range(0, 6).mapToObj(_ -> ask(robot)).toList();
            ids.subList(0, 3).forEach(id -> robot.post("/v1/approvals/" + id + "/cancel", Map.of()));
            IntStream.range(0, 6)
                    .forEach(number -> robot.post("/v1/agents/agt_1/messages", Map.of("text", "m" + number)));
            String approvals = cursorOf(robot, "/v1/approvals?limit=4");
            String messages = cursorOf(robot, "/v1/agents/agt_1/messages?limit=4");
            String notifications = cursorOf(ada, "/v1/notifications?limit=4&state=all");
            String audit = cursorOf(server.as(server.token("acme", "owner", Role.OWNER)), "/v1/audit?limit=4");

            sql(server, "update approval set resolved_at = 1 where resolved_at is not null");
            sql(server, "update agent_message set created_at = 1 where seq <= 4");
            sql(server, "update member_notification set read_at = 1 where read_at is not null");
            sql(server, "update audit_entry set at = 1 where subject_type = 'approval'");
            await().until(() -> count(server, "approval") == 3
                    && count(server, "agent_message") == 2
                    && count(server, "member_notification") == 3
                    && count(server, "notification_body") == 3
                    && count(server, "audit_entry where subject_type = 'approval'") == 0);

            assertThat(robot.get("/v1/approvals/" + ids.get(0)).code()).isEqualTo("not_found");
            assertThat(robot.get("/v1/approvals/" + ids.get(5)).status()).isEqualTo(200);
            assertThat(size(robot, "/v1/approvals?limit=4&cursor=" + approvals)).isZero();
            assertThat(size(robot, "/v1/agents/agt_1/messages?limit=4&cursor=" + messages))
                    .isZero();
            assertThat(size(ada, "/v1/notifications?limit=4&state=all&cursor=" + notifications))
                    .isZero();
            assertThat(server.as(server.token("acme", "owner", Role.OWNER))
                            .get("/v1/audit?limit=4&cursor=" + audit)
                            .status())
                    .isEqualTo(200);
            assertThat(size(robot, "/v1/agents/agt_1/messages")).isEqualTo(2);
            robot.post("/v1/agents/agt_1/messages", Map.of("text", "next"));
            assertThat(robot.get("/v1/agents/agt_1/messages")
                            .json()
                            .at("/data/0/seq")
                            .asInt())
                    .isEqualTo(7);
            assertThat(corrections(server)).isEmpty();
            assertThat(server.anonymous().get("/metrics").body())
                    .contains("heliograph_retention_removed_total{rows=\"approvals\"} 3.0")
                    .contains("heliograph_retention_removed_total{rows=\"messages\"} 4.0");
        }
    }

    @Test
    void byDefaultDecidedApprovalsAndAuditEntriesStay() {
        try (TestServer server = TestServer.start(folder, "heliograph.retention.interval=100ms")) {
            TestClient robot = server.as(server.key("acme", "robot"));
            String id = ask(robot);
            robot.post("/v1/approvals/" + id + "/cancel", Map.of());
            robot.post("/v1/agents/agt_1/messages", Map.of("text", "old"));
            sql(server, "update approval set resolved_at = 1 where resolved_at is not null");
            sql(server, "update audit_entry set at = 1");
            sql(server, "update agent_message set created_at = 1");

            await().until(() -> count(server, "agent_message") == 0);

            assertThat(robot.get("/v1/approvals/" + id).status()).isEqualTo(200);
            assertThat(count(server, "audit_entry where subject_type = 'approval'"))
                    .isEqualTo(2);
        }
    }

    private static String ask(TestClient robot) {
        return robot.post(
                        "/v1/approvals",
                        Map.of("title", "Refund?", "action", Map.of("name", "refund", "args", Map.of())))
                .json()
                .path("id")
                .asString();
    }

    private static String cursorOf(TestClient client, String path) {
        TestClient.Answer answer = client.get(path);
        assertThat(answer.json().path("data")).as(answer.body()).hasSize(4);
        return answer.json().path("nextCursor").asString();
    }

    private static int size(TestClient client, String path) {
        TestClient.Answer answer = client.get(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("data").size();
    }

    private static long count(TestServer server, String from) {
        return server.part(EventLog.class)
                .read(
                        server.workspace("acme"),
                        snapshot -> Sql.in(snapshot)
                                .sql("select count(*) from " + from)
                                .query(Long.class)
                                .single());
    }

    private static void sql(TestServer server, String sql) {
        server.part(EventLog.class)
                .write(
                        server.workspace("acme"),
                        transaction -> Sql.in(transaction).sql(sql).update());
    }

    private static List<UsageRecount.Correction> corrections(TestServer server) {
        WorkspaceId workspace = server.workspace("acme");
        return server.part(EventLog.class)
                .write(workspace, transaction -> UsageRecount.run(Sql.in(transaction), workspace));
    }
}
