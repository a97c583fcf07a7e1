package io.heliograph.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The counters in rows are what a count of the rows finds, whatever happened. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class CountersIT {
    private static final int STEPS = 300;
    private static final int STEPS_PER_CHECK = 25;
    private static final List<String> RISKS = List.of("low", "medium", "critical");
    private static final List<String> CHANGES = List.of("seen", "read", "unread", "archived");
    private static final List<String> STATUSES = List.of("idle", "working", "error");

    @TempDir
    Path folder;

    private RandomGenerator random;
    private TestServer server;
    private WorkspaceId workspace;
    private TestClient robot;
    private List<TestClient> members;

    @Test
    void countersAreWhatACountFindsAfterAnySequenceOfChanges() {
        long seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(() -> ThreadLocalRandom.current().nextLong());
        System.out.println("counters: HELIOGRAPH_SEED=" + seed);
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (TestServer started = TestServer.start(folder)) {
            server = started;
            workspace = server.workspace("acme");
            robot = server.as(server.key("acme", "robot"));
            members = List.of(
                    server.as(server.token("acme", "ada", Role.OPERATOR)),
                    server.as(server.token("acme", "eve", Role.OWNER)));
            for (int step = 1; step <= STEPS; step++) {
                change();
                if (step % STEPS_PER_CHECK == 0) {
                    assertThat(recount()).as("seed %s, step %s", seed, step).isEmpty();
                }
            }
            assertListsAgree(seed);
        }
    }

    @Test
    void aRecountCorrectsTheCountersOfAgentsAndMembers() {
        try (TestServer started = TestServer.start(folder)) {
            server = started;
            workspace = server.workspace("acme");
            String ada = server.member("acme", "ada", Role.OPERATOR);
            robot = server.as(server.key("acme", "robot"));
            robot.post("/v1/approvals", approval("agt_1", "low"));
            sql("update agent set pending_approvals = 5");
            sql("update workspace_usage set value = 3 where name = 'agents.waiting_approval'");
            sql("delete from notification_count");

            List<UsageRecount.Correction> corrections = recount();

            assertThat(corrections)
                    .containsExactly(
                            new UsageRecount.Correction("agents.waiting_approval", 3, 1),
                            new UsageRecount.Correction("pending_approvals of agt_1", 5, 1),
                            new UsageRecount.Correction("unseen of " + ada, 0, 1),
                            new UsageRecount.Correction("unread of " + ada, 0, 1));
            assertThat(recount()).isEmpty();
        }
    }

    /** One change by chance. Some are refused: then nothing may be counted. */
    private void change() {
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> robot.post("/v1/approvals", approval(agent(), any(RISKS)));
            case 3 -> pending().ifPresent(one -> robot.post(path(one) + "/cancel", Map.of()));
            case 4 -> pending().ifPresent(this::decide);
            case 5 -> pending().ifPresent(this::expire);
            case 6 -> pending().ifPresent(one -> any(members).put(path(one) + "/claim", Map.of()));
            case 7 -> robot.put("/v1/agents/" + agent(), Map.of("status", any(STATUSES)));
            case 8 -> robot.delete("/v1/agents/" + agent() + "/lease");
            case 9 -> loseLease();
            case 10 -> markSome();
            case 11 -> any(members).put("/v1/notifications/preferences", preferences());
            default -> any(members).post("/v1/notifications/mark", Map.of("all", true, "change", any(CHANGES)));
        }
    }

    /** Kinds of notifications that a member turns on and off. */
    private Map<String, Object> preferences() {
        return Map.of(
                "inApp",
                Map.of(
                        "approval.expired", random.nextBoolean(),
                        "agent.offline", random.nextBoolean(),
                        "agent.error", random.nextBoolean()));
    }

    private void decide(JsonNode approval) {
        any(members)
                .post(
                        path(approval) + "/decision",
                        Map.of(
                                "outcome",
                                "approved",
                                "digest",
                                approval.at("/action/digest").asString()));
    }

    /** Its deadline passes, and the sweep and a decision compete for it. */
    private void expire(JsonNode approval) {
        sql("update approval set expires_at = 1 where id = '"
                + approval.path("id").asString() + "'");
        decide(approval);
    }

    /** An agent's lease passes, and the sweep finds it. */
    private void loseLease() {
        String agent = agent();
        sql("update agent set lease_expires_at = 1 where id = '" + agent + "'");
    }

    private void markSome() {
        TestClient member = any(members);
        List<String> ids = new ArrayList<>();
        member.get("/v1/notifications?state=all&limit=100").json().path("data").forEach(one -> {
            if (random.nextInt(4) == 0) {
                ids.add(one.path("id").asString());
            }
        });
        if (!ids.isEmpty()) {
            member.post("/v1/notifications/mark", Map.of("ids", ids, "change", any(CHANGES)));
        }
    }

    /** What screens are told agrees with what they are shown. */
    private void assertListsAgree(long seed) {
        for (TestClient member : members) {
            JsonNode unread = list(member, "/v1/notifications?state=unread&limit=100");
            assertThat(unread.path("nextCursor").isMissingNode())
                    .as("seed %s", seed)
                    .isTrue();
            assertThat(unread.path("unread").asInt())
                    .as("seed %s", seed)
                    .isEqualTo(unread.path("data").size());
            assertThat(unread.path("unseen").asInt()).as("seed %s", seed).isEqualTo((int)
                    stream(unread).filter(one -> !one.hasNonNull("seenAt")).count());
        }
        JsonNode agents = list(robot, "/v1/agents?limit=100");
        for (String status : List.of("idle", "working", "waiting_approval", "error", "offline")) {
            assertThat(agents.at("/counts/" + status).asInt())
                    .as("seed %s, %s", seed, status)
                    .isEqualTo((int) stream(agents)
                            .filter(agent -> agent.path("status").asString().equals(status))
                            .count());
        }
        stream(agents).forEach(agent -> {
            JsonNode pending = list(
                    robot,
                    "/v1/approvals?status=pending&limit=100&agentId="
                            + agent.path("id").asString());
            assertThat(agent.path("pendingApprovals").asInt())
                    .as("seed %s, %s", seed, agent)
                    .isEqualTo(pending.path("data").size());
        });
    }

    private Optional<JsonNode> pending() {
        List<JsonNode> pending =
                stream(list(robot, "/v1/approvals?status=pending&limit=100")).toList();
        return pending.isEmpty() ? Optional.empty() : Optional.of(any(pending));
    }

    private String agent() {
        return "agt_" + random.nextInt(4);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static JsonNode list(TestClient client, String path) {
        TestClient.Answer answer = client.get(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static Stream<JsonNode> stream(JsonNode page) {
        return StreamSupport.stream(page.path("data").spliterator(), false);
    }

    private static String path(JsonNode approval) {
        return "/v1/approvals/" + approval.path("id").asString();
    }

    private static Map<String, Object> approval(String agent, String risk) {
        return Map.of(
                "title",
                "Refund order ✓?",
                "agentId",
                agent,
                "risk",
                risk,
                "action",
                Map.of("name", "refund", "args", Map.of("orderId", 9)));
    }

    private List<UsageRecount.Correction> recount() {
        return server.part(EventLog.class)
                .write(workspace, transaction -> UsageRecount.run(Sql.in(transaction), workspace));
    }

    private void sql(String sql) {
        server.part(EventLog.class)
                .write(workspace, transaction -> Sql.in(transaction).sql(sql).update());
    }
}
