package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ApprovalsIT {
    private static TestServer server;
    private static TestClient key;
    private static TestClient olga;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServer.start(folder);
        key = server.as(server.key("acme", "refunds"));
        olga = server.as(server.token("acme", "olga", Role.OPERATOR));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anAgentAsksAndAPersonDecidesWhileItWaits() {
        TestClient.Answer created = key.post("/v1/approvals", refund(1), "Idempotency-Key", uuid());
        JsonNode approval = created.json();
        String id = approval.get("id").asString();

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).contains("/v1/approvals/" + id);
        assertThat(created.header("ETag")).contains("\"1\"");
        assertThat(approval.get("url").asString()).isEqualTo(server.url() + "/approvals/" + id);
        assertThat(approval.get("status").asString()).isEqualTo("pending");
        CompletableFuture<TestClient.Answer> waiting = key.getAsync("/v1/approvals/" + id + "?wait=50");
        awaitWaiters(1);
        TestClient.Answer decided = decide(olga, approval, "approved");

        assertThat(decided.status()).isEqualTo(200);
        assertThat(decided.header("ETag")).contains("\"2\"");
        JsonNode answer = waiting.join().json();
        assertThat(answer.get("status").asString()).isEqualTo("approved");
        assertThat(answer.at("/resolution/by/name").asString()).isEqualTo("olga");
        assertThat(answer.at("/resolution/digest")).isEqualTo(approval.at("/action/digest"));
    }

    @Test
    void of200DecisionsByDifferentMembersOneCountsAndAllLearnWhose() throws Exception {
        int members = 200;
        List<TestClient> deciders = IntStream.range(0, members)
                .mapToObj(index -> server.as(server.token("crowd", "member-" + index, Role.OPERATOR)))
                .toList();
        JsonNode approval = server.as(server.key("crowd", "agent"))
                .post("/v1/approvals", refund(2))
                .json();

        CyclicBarrier barrier = new CyclicBarrier(members);
        List<TestClient.Answer> answers = concurrently(IntStream.range(0, members)
                .<Callable<TestClient.Answer>>mapToObj(index -> () -> {
                    barrier.await();
                    return decide(deciders.get(index), approval, index % 2 == 0 ? "approved" : "rejected");
                })
                .toList());

        List<TestClient.Answer> won =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(won).hasSize(1);
        JsonNode resolution = won.getFirst().json().get("resolution");
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .hasSize(members - 1)
                .allSatisfy(lost -> {
                    assertThat(lost.status()).isEqualTo(409);
                    assertThat(lost.code()).isEqualTo("already_decided");
                    assertThat(lost.json().get("resolution")).isEqualTo(resolution);
                    assertThat(lost.json().at("/approval/version").asInt()).isEqualTo(2);
                });
    }

    @Test
    void anApprovalExpiresWithinASecondOfItsDeadlineAndNotBefore() {
        JsonNode approval =
                key.post("/v1/approvals", refund(3).replace("600", "10")).json();
        String id = approval.get("id").asString();

        JsonNode expired = key.get("/v1/approvals/" + id + "?wait=20").json();

        Instant answered = Instant.now();
        Instant deadline = Instant.parse(expired.get("expiresAt").asString());
        assertThat(expired.get("status").asString()).isEqualTo("expired");
        assertThat(Instant.parse(expired.get("resolvedAt").asString())).isBetween(deadline, deadline.plusSeconds(1));
        assertThat(answered).isBetween(deadline, deadline.plusSeconds(2));
        TestClient.Answer late = decide(olga, approval, "approved");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.code()).isEqualTo("approval_expired");
        assertThat(late.json().at("/approval/status").asString()).isEqualTo("expired");
    }

    @Test
    void manyRequestsWithOneIdempotencyKeyMakeOneApproval() throws Exception {
        String idempotencyKey = uuid();
        CyclicBarrier barrier = new CyclicBarrier(40);

        List<TestClient.Answer> answers = concurrently(IntStream.range(0, 40)
                .<Callable<TestClient.Answer>>mapToObj(_ -> () -> {
                    barrier.await();
                    return key.post("/v1/approvals", refund(4), "Idempotency-Key", idempotencyKey);
                })
                .toList());

        assertThat(answers)
                .extracting(answer -> answer.json().get("id").asString())
                .containsOnly(answers.getFirst().json().get("id").asString());
        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(39);
        TestClient.Answer other = key.post("/v1/approvals", refund(5), "Idempotency-Key", idempotencyKey);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("idempotency_key_reused");
    }

    @Test
    void viewersAndKeysNeverDecide() {
        JsonNode approval = key.post("/v1/approvals", refund(6)).json();
        TestClient viewer = server.as(server.token("acme", "vera", Role.VIEWER));

        assertThat(decide(viewer, approval, "approved").status()).isEqualTo(403);
        assertThat(decide(key, approval, "approved").status()).isEqualTo(403);
        assertThat(viewer.get("/v1/approvals/" + approval.get("id").asString()).status())
                .isEqualTo(200);
    }

    @Test
    void aKeyNeedsTheScopeToAskAndMayThenReadTheAnswer() {
        TestClient reader = server.as(server.key("acme", "reader", Scope.READ));
        TestClient asker = server.as(server.key("acme", "asker", Scope.APPROVALS_CREATE));

        assertThat(reader.post("/v1/approvals", refund(7)).status()).isEqualTo(403);
        TestClient.Answer created = asker.post("/v1/approvals", refund(7));
        assertThat(created.status()).isEqualTo(201);
        assertThat(asker.get("/v1/approvals/" + created.json().get("id").asString())
                        .status())
                .isEqualTo(200);
        assertThat(asker.get("/v1/approvals").status()).isEqualTo(403);
    }

    @Test
    void anotherWorkspaceFindsNothing() {
        JsonNode approval = key.post("/v1/approvals", refund(8)).json();
        String path = "/v1/approvals/" + approval.get("id").asString();
        TestClient mallory = server.as(server.token("other", "mallory", Role.OWNER));

        assertThat(mallory.get(path).status()).isEqualTo(404);
        assertThat(decide(mallory, approval, "approved").status()).isEqualTo(404);
        assertThat(mallory.get(path + "/timeline").status()).isEqualTo(404);
        assertThat(mallory.put(path + "/claim", "").status()).isEqualTo(404);
        assertThat(mallory.post(path + "/cancel", Map.of()).status()).isEqualTo(404);
        assertThat(mallory.post(path + "/extend", Map.of("expiresIn", 900)).status())
                .isEqualTo(404);
        assertThat(mallory.get("/v1/approvals").json().get("data")).isEmpty();
        assertThat(mallory.get("/v1/agents/" + approval.get("agentId").asString())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void preconditionsAreChecked() {
        JsonNode approval = key.post("/v1/approvals", refund(9)).json();
        String path = "/v1/approvals/" + approval.get("id").asString() + "/decision";
        String digest = approval.at("/action/digest").asString();

        TestClient.Answer wrongDigest = olga.post(path, Map.of("outcome", "approved", "digest", "0".repeat(64)));
        TestClient.Answer wrongVersion =
                olga.post(path, Map.of("outcome", "approved", "digest", digest), "If-Match", "\"4\"");
        TestClient.Answer noDigest = olga.post(path, Map.of("outcome", "approved"));
        TestClient.Answer right = olga.post(path, Map.of("outcome", "approved", "digest", digest), "If-Match", "\"1\"");

        assertThat(wrongDigest.status()).isEqualTo(412);
        assertThat(wrongDigest.code()).isEqualTo("digest_mismatch");
        assertThat(wrongVersion.status()).isEqualTo(412);
        assertThat(wrongVersion.code()).isEqualTo("version_mismatch");
        assertThat(noDigest.status()).isEqualTo(400);
        assertThat(noDigest.json().at("/errors/0/field").asString()).isEqualTo("digest");
        assertThat(right.status()).isEqualTo(200);
    }

    @Test
    void ifNoneMatchNarrowsTheWaitToAnyChange() {
        JsonNode approval = key.post("/v1/approvals", refund(10)).json();
        String path = "/v1/approvals/" + approval.get("id").asString();
        assertThat(key.get(path, "If-None-Match", "\"1\"").status()).isEqualTo(304);

        CompletableFuture<TestClient.Answer> waiting = key.getAsync(path + "?wait=50", "If-None-Match", "\"1\"");
        awaitWaiters(1);
        assertThat(olga.put(path + "/claim", "").status()).isEqualTo(200);

        TestClient.Answer changed = waiting.join();
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().get("status").asString()).isEqualTo("pending");
        assertThat(changed.json().at("/claim/by/name").asString()).isEqualTo("olga");
        assertThat(key.get(path + "?wait=1", "If-None-Match", "\"2\"").status()).isEqualTo(304);
    }

    @Test
    void hundredsWaitAtOnce() {
        JsonNode approval = key.post("/v1/approvals", refund(11)).json();
        String path = "/v1/approvals/" + approval.get("id").asString() + "?wait=50";
        List<CompletableFuture<TestClient.Answer>> waiting =
                IntStream.range(0, 300).mapToObj(_ -> key.getAsync(path)).toList();
        awaitWaiters(300);

        decide(olga, approval, "rejected");

        assertThat(waiting)
                .allSatisfy(
                        answer -> assertThat(answer.join().json().get("status").asString())
                                .isEqualTo("rejected"));
    }

    @Test
    void aListAndItsCountsBelongToOneCursor() {
        TestClient asker = server.as(server.key("lists", "asker"));
        for (int order = 0; order < 5; order++) {
            asker.post("/v1/approvals", refund(order).replace("high", order == 0 ? "critical" : "low"));
        }
        TestClient.Answer first = asker.get("/v1/approvals?status=pending&limit=3");
        String next = first.json().get("nextCursor").asString();
        TestClient.Answer second = asker.get("/v1/approvals?status=pending&limit=3&cursor=" + next);

        assertThat(first.json().get("data")).hasSize(3);
        assertThat(second.json().get("data")).hasSize(2);
        assertThat(second.json().has("nextCursor")).isFalse();
        assertThat(first.json().at("/counts/pending").asInt()).isEqualTo(5);
        assertThat(first.json().at("/counts/critical").asInt()).isEqualTo(1);
        assertThat(first.header("Heliograph-Cursor"))
                .contains(first.json().get("asOf").asString());
        assertThat(asker.get("/v1/approvals?risk=critical").json().get("data")).hasSize(1);
        assertThat(asker.get("/v1/approvals?status=nonsense").status()).isEqualTo(400);
        assertThat(asker.get("/v1/approvals?cursor=nonsense").code()).isEqualTo("cursor_invalid");
    }

    @Test
    void bulkDecisionsHaveTheirOwnResults() {
        JsonNode plain = key.post("/v1/approvals", refund(12)).json();
        JsonNode critical = key.post("/v1/approvals", refund(13).replace("high", "critical"))
                .json();
        JsonNode gone = key.post("/v1/approvals", refund(14)).json();
        decide(olga, gone, "rejected");

        JsonNode data = olga.post(
                        "/v1/approvals/bulk-decision",
                        Map.of("decisions", List.of(item(plain), item(critical), item(gone))))
                .json()
                .get("data");

        assertThat(data.get(0).get("status").asInt()).isEqualTo(200);
        assertThat(data.get(0).at("/approval/status").asString()).isEqualTo("approved");
        assertThat(data.get(1).get("status").asInt()).isEqualTo(400);
        assertThat(data.get(2).get("status").asInt()).isEqualTo(409);
        assertThat(data.get(2).at("/problem/code").asString()).isEqualTo("already_decided");
        assertThat(data.get(2).at("/problem/resolution/outcome").asString()).isEqualTo("rejected");
    }

    @Test
    void theTimelineTellsWhatHappened() {
        JsonNode approval = key.post("/v1/approvals", refund(15)).json();
        String path = "/v1/approvals/" + approval.get("id").asString();
        olga.put(path + "/claim", "");
        olga.post(path + "/extend", Map.of("expiresIn", 900));
        decide(olga, approval, "approved");

        List<String> actions = new ArrayList<>();
        olga.get(path + "/timeline")
                .json()
                .get("data")
                .forEach(entry -> actions.add(entry.get("action").asString()));

        assertThat(actions)
                .containsExactly("approval.created", "approval.claimed", "approval.extended", "approval.resolved");
    }

    @Test
    void whatIsWrongIsNamedWithItsField() {
        TestClient.Answer answer = key.post("/v1/approvals", refund(16).replace("600", "5"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_request");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("expiresIn");
        assertThat(key.get("/v1/approvals/apr_none?wait=56").status()).isEqualTo(400);
        assertThat(key.get("/v1/approvals/apr_none?wait=50").status()).isEqualTo(404);
    }

    private static String refund(int order) {
        return "{\"title\":\"Refund order " + order + "?\",\"action\":{\"name\":\"refund\",\"args\":{\"orderId\":"
                + order + ",\"amount\":42}},\"risk\":\"high\",\"expiresIn\":600}";
    }

    private static TestClient.Answer decide(TestClient as, JsonNode approval, String outcome) {
        return as.post(
                "/v1/approvals/" + approval.get("id").asString() + "/decision",
                Map.of(
                        "outcome",
                        outcome,
                        "digest",
                        approval.at("/action/digest").asString()));
    }

    private static Map<String, String> item(JsonNode approval) {
        return Map.of(
                "id", approval.get("id").asString(),
                "outcome", "approved",
                "digest", approval.at("/action/digest").asString());
    }

    private static void awaitWaiters(int count) {
        ApprovalWaits waits = server.part(ApprovalWaits.class);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> waits.waiters() == count);
    }

    private static String uuid() {
        return UUID.randomUUID().toString();
    }

    private static List<TestClient.Answer> concurrently(List<Callable<TestClient.Answer>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<TestClient.Answer> answers = new ArrayList<>();
            for (Future<TestClient.Answer> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
