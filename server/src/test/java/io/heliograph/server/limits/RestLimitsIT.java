package io.heliograph.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers meet at the limits of {@code heliograph.limits.*}. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class RestLimitsIT {
    @TempDir
    Path folder;

    @Test
    void aKeyIsLimitedInAsksAndWritesAndReadsEachByItself() {
        try (TestServer server = TestServer.start(
                folder,
                "heliograph.limits.asks-per-second=1",
                "heliograph.limits.asks-burst=2",
                "heliograph.allowed-origins=https://app.example.com")) {
            TestClient robot = server.as(server.key("acme", "robot"));
            TestClient other = server.as(server.key("acme", "other"));

            TestClient.Answer first = ask(robot, "low");
            TestClient.Answer answer = first;
            for (int tries = 0; answer.status() == 201; tries++) {
                assertThat(tries).isLessThan(1000);
                answer = ask(robot, "low");
            }

            assertThat(first.header("RateLimit-Policy")).hasValue("\"asks\";q=2;w=2");
            assertThat(first.header("RateLimit")).hasValue("\"asks\";r=1;t=1");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.code()).isEqualTo("too_many_requests");
            assertThat(answer.json().path("detail").asString()).contains("robot", "heliograph.limits.asks-per-second");
            assertThat(answer.header("Retry-After")).hasValue("1");
            assertThat(answer.header("RateLimit").orElseThrow()).startsWith("\"asks\";r=0;t=");
            assertThat(ask(other, "low").status()).isEqualTo(201);
            assertThat(robot.put("/v1/agents/agt_1", Map.of("status", "idle")).status())
                    .isEqualTo(200);
            TestClient.Answer read = robot.get("/v1/approvals", "Origin", "https://app.example.com");
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.header("RateLimit-Policy")).hasValue("\"reads\";q=10000;w=2");
            assertThat(read.header("Access-Control-Expose-Headers").orElseThrow())
                    .contains("RateLimit", "RateLimit-Policy", "Retry-After");
            assertThat(server.anonymous().get("/metrics").body())
                    .contains("heliograph_limits_refused_total{limit=\"asks\"} 1.0");
        }
    }

    @Test
    void anotherSpellingOfAPathHasNoOtherLimit() throws Exception {
        try (TestServer server =
                TestServer.start(folder, "heliograph.limits.asks-per-second=1", "heliograph.limits.asks-burst=1")) {
            TestClient robot = server.as(server.key("acme", "robot"));

            HttpRequest spelledOtherwise = robot.request("/v1/%61pprovals")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"title\":\"Refund?\",\"action\":{\"name\":\"refund\",\"args\":{}}}"))
                    .build();
            HttpResponse<String> answer = robot.http().send(spelledOtherwise, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.headers().firstValue("RateLimit-Policy")).hasValue("\"asks\";q=1;w=1");
        }
    }

    @Test
    void aWorkspaceHasSoManyPendingApprovalsAndNoMore() {
        try (TestServer server = TestServer.start(folder, "heliograph.limits.max-pending-approvals=2")) {
            TestClient robot = server.as(server.key("acme", "robot"));
            String id = ask(robot, "low").json().path("id").asString();
            ask(robot, "critical");

            TestClient.Answer refused = ask(robot, "low");

            assertReached(refused, "heliograph.limits.max-pending-approvals");
            assertThat(robot.get("/v1/approvals").json().path("data")).hasSize(2);
            robot.post("/v1/approvals/" + id + "/cancel", Map.of());
            assertThat(ask(robot, "low").status()).isEqualTo(201);
            assertReached(ask(robot, "low"), "heliograph.limits.max-pending-approvals");
            assertThat(ask(server.as(server.key("other", "robot")), "low").status())
                    .isEqualTo(201);
            assertThat(server.anonymous().get("/metrics").body())
                    .contains("heliograph_limits_reached_total{limit=\"pending-approvals\"} 2.0");
            assertCountersAreRight(server, "acme");
        }
    }

    @Test
    void agentsAndTheirMessagesAndAllThatIsStoredHaveLimits() {
        try (TestServer server = TestServer.start(
                folder,
                "heliograph.limits.max-agents=2",
                "heliograph.limits.max-messages-per-agent=2",
                "heliograph.limits.max-stored=1MB",
                "heliograph.max-body=4MB")) {
            TestClient robot = server.as(server.key("acme", "robot"));
            TestClient ada = server.as(server.token("acme", "ada", Role.OPERATOR));
            robot.put("/v1/agents/agt_1", Map.of("status", "idle"));
            robot.put("/v1/agents/agt_2", Map.of("status", "idle"));

            assertReached(robot.put("/v1/agents/agt_3", Map.of("status", "idle")), "heliograph.limits.max-agents");
            assertThat(robot.put("/v1/agents/agt_2", Map.of("status", "working"))
                            .status())
                    .isEqualTo(200);
            say(robot, "agt_1", "one");
            say(robot, "agt_1", "two");
            assertReached(say(robot, "agt_1", "three"), "heliograph.limits.max-messages-per-agent");
            assertThat(say(robot, "agt_2", "one").status()).isEqualTo(201);
            TestClient.Answer full = ask(robot, "low");
            String last = full.json().path("id").asString();
            String digest = full.json().at("/action/digest").asString();
            String text = "x".repeat(60_000);
            for (int number = 0; full.status() == 201; number++) {
                assertThat(number).isLessThan(40);
                full = robot.post(
                        "/v1/approvals",
                        Map.of("title", "Refund?", "action", Map.of("name", "refund", "args", Map.of("text", text))));
            }
            assertReached(full, "heliograph.limits.max-stored");
            TestClient.Answer decided = ada.post(
                    "/v1/approvals/" + last + "/decision",
                    Map.of("outcome", "rejected", "digest", digest, "reason", "A decision is always stored."));
            assertThat(decided.status()).as(decided.body()).isEqualTo(200);
            assertCountersAreRight(server, "acme");
        }
    }

    @Test
    void membersAndKeysAndSessionsHaveLimits() {
        try (TestServer server = TestServer.start(
                folder,
                "heliograph.limits.max-members=2",
                "heliograph.limits.max-api-keys=1",
                "heliograph.limits.max-sessions=1")) {
            TestClient owner = server.as(server.token("acme", "owner", Role.OWNER));
            TestClient.Answer second = owner.post("/v1/members", Map.of("handle", "ada", "role", "operator"));
            TestClient.Answer key = owner.post("/v1/api-keys", Map.of("name", "robot"));

            assertReached(
                    owner.post("/v1/members", Map.of("handle", "eve", "role", "operator")),
                    "heliograph.limits.max-members");
            assertReached(owner.post("/v1/api-keys", Map.of("name", "another")), "heliograph.limits.max-api-keys");
            owner.delete("/v1/members/" + second.json().path("id").asString());
            owner.delete("/v1/api-keys/" + key.json().at("/key/id").asString());
            assertThat(owner.post("/v1/members", Map.of("handle", "eve", "role", "operator"))
                            .status())
                    .isEqualTo(201);
            assertThat(owner.post("/v1/api-keys", Map.of("name", "another")).status())
                    .isEqualTo(201);
            assertThat(signIn(server).status()).isEqualTo(200);
            String code = server.signInCode("acme");
            assertReached(
                    server.anonymous().post("/v1/sign-in", Map.of("code", code)), "heliograph.limits.max-sessions");
        }
    }

    @Test
    void theCountersAreWhatARecountFinds() {
        long seed = ThreadLocalRandom.current().nextLong();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (TestServer server = TestServer.start(folder)) {
            TestClient robot = server.as(server.key("acme", "robot"));
            TestClient ada = server.as(server.token("acme", "ada", Role.OPERATOR));
            List<TestClient.Answer> pending = new ArrayList<>();
            List<String> streaming = new ArrayList<>();
            for (int step = 0; step < 150; step++) {
                switch (random.nextInt(7)) {
                    case 0, 1 -> pending.add(ask(robot, random.nextBoolean() ? "critical" : "medium"));
                    case 2 -> {
                        if (!pending.isEmpty()) {
                            cancel(robot, pending.remove(random.nextInt(pending.size())));
                        }
                    }
                    case 3 -> {
                        if (!pending.isEmpty()) {
                            decide(ada, pending.remove(random.nextInt(pending.size())));
                        }
                    }
                    case 4 -> say(robot, "agt_" + random.nextInt(4), "é".repeat(random.nextInt(1, 50)));
                    case 5 ->
                        streaming.add(
                                robot.post("/v1/agents/agt_0/messages", Map.of("text", "so", "state", "streaming"))
                                        .json()
                                        .path("id")
                                        .asString());
                    default -> {
                        if (!streaming.isEmpty()) {
                            robot.post(
                                    "/v1/agents/agt_0/messages",
                                    Map.of("id", streaming.removeLast(), "text", "so it ends ✓"));
                        }
                    }
                }
            }
            TestClient.Answer late = ask(robot, "critical");
            expire(server, late.json().path("id").asString());
            robot.get("/v1/approvals/" + late.json().path("id").asString() + "?wait=10", "If-None-Match", "\"1\"");

            assertThat(corrections(server, "acme")).as("seed %s", seed).isEmpty();
            assertThat(robot.get("/v1/overview").json().at("/approvals/pending").asInt())
                    .as("seed %s", seed)
                    .isEqualTo(pending.size());
            assertThat(countedBytes(server)).as("seed %s", seed).isEqualTo(storedBytes(server));
        }
    }

    @Test
    void aRecountCorrectsWhatIsWrongAndSaysWhat() {
        try (TestServer server = TestServer.start(folder)) {
            TestClient robot = server.as(server.key("acme", "robot"));
            ask(robot, "critical");
            sql(server, "update workspace_usage set value = 77 where name = 'approvals.pending'");

            List<UsageRecount.Correction> corrections = corrections(server, "acme");

            assertThat(corrections).containsExactly(new UsageRecount.Correction("approvals.pending", 77, 1));
            assertCountersAreRight(server, "acme");
        }
    }

    private static TestClient.Answer ask(TestClient robot, String risk) {
        return robot.post("/v1/approvals", approval(risk));
    }

    private static Map<String, Object> approval(String risk) {
        return Map.of(
                "title",
                "Refund order ✓?",
                "risk",
                risk,
                "action",
                Map.of("name", "refund", "args", Map.of("orderId", 9)));
    }

    private static void cancel(TestClient robot, TestClient.Answer asked) {
        robot.post("/v1/approvals/" + asked.json().path("id").asString() + "/cancel", Map.of());
    }

    private static void decide(TestClient member, TestClient.Answer asked) {
        member.post(
                "/v1/approvals/" + asked.json().path("id").asString() + "/decision",
                Map.of(
                        "outcome",
                        "approved",
                        "digest",
                        asked.json().at("/action/digest").asString()));
    }

    private static TestClient.Answer say(TestClient robot, String agent, String text) {
        return robot.post("/v1/agents/" + agent + "/messages", Map.of("text", text));
    }

    private static TestClient.Answer signIn(TestServer server) {
        return server.anonymous().post("/v1/sign-in", Map.of("code", server.signInCode("acme")));
    }

    private static void assertReached(TestClient.Answer answer, String setting) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("limit_reached");
        assertThat(answer.json().path("detail").asString()).contains(setting);
        assertThat(answer.json().path("setting").asString()).isEqualTo(setting);
    }

    private static void assertCountersAreRight(TestServer server, String slug) {
        assertThat(corrections(server, slug)).isEmpty();
    }

    private static List<UsageRecount.Correction> corrections(TestServer server, String slug) {
        WorkspaceId workspace = server.workspace(slug);
        return server.part(EventLog.class)
                .write(workspace, transaction -> UsageRecount.run(Sql.in(transaction), workspace));
    }

    /** Lets the deadline of an approval pass. */
    private static void expire(TestServer server, String id) {
        sql(server, "update approval set expires_at = 1 where id = '" + id + "'");
    }

    private static void sql(TestServer server, String sql) {
        server.part(EventLog.class)
                .write(
                        server.workspace("acme"),
                        transaction -> Sql.in(transaction).sql(sql).update());
    }

    private static long countedBytes(TestServer server) {
        return number(server, "select value from workspace_usage where name = 'stored.bytes'");
    }

    private static long storedBytes(TestServer server) {
        return number(
                server,
                "select (select sum(octet_length(title) + coalesce(octet_length(description), 0)"
                        + " + coalesce(octet_length(reasoning), 0) + octet_length(tags) + octet_length(action_name)"
                        + " + octet_length(action_args) + coalesce(octet_length(action_preview), 0)"
                        + " + coalesce(octet_length(args_schema), 0) + octet_length(reject_options)"
                        + " + octet_length(metadata) + coalesce(octet_length(resolution), 0)) from approval)"
                        + " + (select coalesce(sum(octet_length(body)), 0) from agent_message)");
    }

    private static long number(TestServer server, String sql) {
        return server.part(EventLog.class)
                .read(
                        server.workspace("acme"),
                        snapshot -> Sql.in(snapshot).sql(sql).query(Long.class).single());
    }
}
