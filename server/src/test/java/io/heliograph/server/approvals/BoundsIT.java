package io.heliograph.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What one caller cannot do to the others: its schemas, its waits and its large approvals are bounded. */
class BoundsIT {
    private static TestServer server;
    private static TestClient key;
    private static TestClient olga;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServer.start(
                folder,
                "heliograph.approvals.validation-timeout=10s",
                "heliograph.approvals.max-waiters-per-caller=2",
                "heliograph.approvals.max-waiters-per-workspace=3");
        key = server.as(server.key("acme", "refunds"));
        olga = server.as(server.token("acme", "olga", Role.OPERATOR));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("io.heliograph.server.approvals.ArgsSchemaTest#endlessSchemas")
    void aSchemaWithoutAnEndIsRefusedWhenItComes(String schema) {
        TestClient.Answer refused = create(schema.replace('\'', '"'));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("argsSchema");
        assertThat(refused.json().at("/errors/0/detail").asString()).startsWith("at /");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"pattern\":\"^(a+)+(\\\\1)?$\"}",
                "{\"pattern\":\"^(?=secret)\"}",
                "{\"patternProperties\":{\"(a{1000}){1000}\":true}}",
                "{\"$ref\":\"http://127.0.0.1:1/x\"}",
                "{\"$schema\":\"http://127.0.0.1:1/x\"}",
                "{\"type\":\"objekt\"}"
            })
    void aSchemaThatCannotBeUsedIsRefusedWhenItComes(String schema) {
        TestClient.Answer refused = create(schema);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("argsSchema");
        assertThat(refused.body()).doesNotContain("secret").doesNotContain("1000}){");
    }

    @Test
    void aNestedSchemaIsAnsweredWhateverItsDepth() {
        for (int depth : List.of(50, 120, 450)) {
            TestClient.Answer answer = create("{\"not\":".repeat(depth) + "{}" + "}".repeat(depth));

            assertThat(answer.status()).isEqualTo(depth < 100 ? 201 : 400);
        }
    }

    @Test
    void harmlessTextsFitAPatternThatBacktrackingCannotRun() {
        JsonNode approval = create("{\"properties\":{\"a\":{\"pattern\":\"^(\\\\w|\\\\s)+$\"}}}")
                .json();

        TestClient.Answer decided = decide(approval, Map.of("args", Map.of("a", "word ".repeat(500))));

        assertThat(decided.status()).isEqualTo(200);
        assertThat(decided.json().at("/resolution/argsEdited").asBoolean()).isTrue();
    }

    @Test
    void aStoredSchemaFromBeforeTheRulesIsToldAndNotRun() {
        JsonNode approval = create("{\"type\":\"object\"}").json();
        WorkspaceId acme = server.workspace("acme");
        server.part(EventLog.class)
                .write(
                        acme,
                        transaction -> Sql.in(transaction)
                                .sql("update approval set args_schema = ? where workspace = ? and id = ?")
                                .params(
                                        "{\"$ref\":\"#\"}",
                                        acme.value(),
                                        approval.get("id").asString())
                                .update());

        TestClient.Answer edited = decide(approval, Map.of("args", Map.of("a", 2)));
        TestClient.Answer plain = decide(approval, Map.of());

        assertThat(edited.status()).isEqualTo(400);
        assertThat(edited.json().get("detail").asString())
                .contains("cannot be used")
                .contains("/$ref");
        assertThat(plain.status()).isEqualTo(200);
    }

    @Test
    void theServerAnswersWhileEveryValidationThreadIsTaken() {
        SchemaChecks checks = server.part(SchemaChecks.class);
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String member : List.of("mem_1", "mem_2")) {
                Caller caller = new Caller.Member(new WorkspaceId("ws_x"), new MemberId(member), member, Role.OPERATOR);
                var _ = callers.submit(() -> checks.run(caller, () -> {
                    started.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return Optional.empty();
                }));
            }
            Awaitility.await().until(() -> started.getCount() == 0);
            try {
                assertThat(server.anonymous().get("/health/live").status()).isEqualTo(200);
                assertThat(server.anonymous().get("/health/ready").status()).isEqualTo(200);
                assertThat(key.post("/v1/approvals", approval("")).status()).isEqualTo(201);
                assertThat(olga.get("/v1/approvals").status()).isEqualTo(200);
            } finally {
                release.countDown();
            }
        }
    }

    @Test
    void onlyExactlyTheSameDecisionIsARepeat() {
        JsonNode approval = create("{\"type\":\"object\",\"maxProperties\":1}").json();
        Map<String, Object> first = Map.of("args", Map.of("a", 5), "reason", "fine");
        assertThat(decide(approval, first).status()).isEqualTo(200);

        assertThat(decide(approval, first).status()).isEqualTo(200);
        assertThat(decide(approval, first, "If-Match", "\"1\"").status()).isEqualTo(200);
        TestClient.Answer canonical = post(
                approval,
                "{\"outcome\":\"approved\",\"digest\":\"" + digest(approval)
                        + "\",\"args\":{ \"a\" : 5.0 },\"reason\":\"fine\"}");
        assertThat(canonical.status()).isEqualTo(200);
        assertThat(canonical.json().at("/version").asInt()).isEqualTo(2);
        for (Map<String, Object> other : List.<Map<String, Object>>of(
                Map.of("reason", "fine"),
                Map.of("args", Map.of("a", 999), "reason", "fine"),
                Map.of("args", Map.of("a", 1, "b", 2), "reason", "fine"),
                Map.of("args", Map.of("a", 5), "reason", "other"),
                Map.of("args", Map.of("a", 5)),
                Map.of("args", Map.of("a", 5), "reason", "fine", "digest", "0".repeat(64)),
                Map.of("outcome", "rejected", "reason", "fine"),
                Map.of("outcome", "responded", "response", "no"))) {
            assertThat(decide(approval, other)).as("%s", other).satisfies(BoundsIT::isAlreadyDecided);
        }
    }

    @Test
    void aPlainDecisionIsRepeatedWithTheActionsOwnArgsToo() {
        JsonNode approval = key.post("/v1/approvals", approval("")).json();
        assertThat(decide(approval, Map.of()).status()).isEqualTo(200);

        assertThat(decide(approval, Map.of()).status()).isEqualTo(200);
        assertThat(decide(approval, Map.of("args", Map.of("orderId", 9))).status())
                .isEqualTo(200);
        assertThat(decide(approval, Map.of("args", Map.of("orderId", 8)))).satisfies(BoundsIT::isAlreadyDecided);
    }

    @Test
    void aResponseIsRepeatedWithTheSameWordsOnly() {
        JsonNode approval = key.post("/v1/approvals", approval("")).json();
        assertThat(decide(approval, Map.of("outcome", "responded", "response", "later"))
                        .status())
                .isEqualTo(200);

        assertThat(decide(approval, Map.of("outcome", "responded", "response", "later"))
                        .status())
                .isEqualTo(200);
        assertThat(decide(approval, Map.of("outcome", "responded", "response", "never")))
                .satisfies(BoundsIT::isAlreadyDecided);
    }

    @Test
    void aBulkDecisionIsRepeatedItemByItem() {
        JsonNode approval = key.post("/v1/approvals", approval("")).json();
        String item = "{\"decisions\":[{\"id\":\"" + approval.get("id").asString()
                + "\",\"outcome\":\"approved\",\"digest\":\"" + digest(approval) + "\",\"reason\":\"%s\"}]}";

        assertThat(bulk(item.formatted("a"))).isEqualTo(200);
        assertThat(bulk(item.formatted("a"))).isEqualTo(200);
        assertThat(bulk(item.formatted("b"))).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1\"",
                "W/\"1\"",
                "\"1-gzip\"",
                "\"1--gzip\"",
                "\"1;gzip\"",
                "W/\"1-br\"",
                "\"7\", \"1\"",
                "\"x,y\",\"1\"",
                "*"
            })
    void aTagThatSomebodyMarkedNamesItsVersion(String tag) {
        JsonNode approval = key.post("/v1/approvals", approval("")).json();
        String path = "/v1/approvals/" + approval.get("id").asString();

        assertThat(key.get(path, "If-None-Match", tag).status()).isEqualTo(304);
        assertThat(key.get(path + "?wait=1", "If-None-Match", tag).status()).isEqualTo(304);
        assertThat(decide(approval, Map.of(), "If-Match", tag).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"1", "\"abc\"", "\"\"", "\"1\" \"2\"", "\"11111111111111111111\"", "W/1", "\"1x\""})
    void aTagThatIsNoneOfThisServersIsRefused(String tag) {
        JsonNode approval = key.post("/v1/approvals", approval("")).json();
        String path = "/v1/approvals/" + approval.get("id").asString();

        TestClient.Answer read = key.get(path, "If-None-Match", tag);
        TestClient.Answer decided = decide(approval, Map.of(), "If-Match", tag);

        assertThat(read.status()).isEqualTo(400);
        assertThat(read.json().get("detail").asString()).contains("If-None-Match");
        assertThat(decided.status()).isEqualTo(400);
        assertThat(decided.json().get("detail").asString()).contains("If-Match");
        assertThat(decide(approval, Map.of(), "If-Match", "\"2\"").status()).isEqualTo(412);
    }

    @Test
    void aListLeavesOutWhatIsLarge() {
        TestClient asker = server.as(server.key("large", "asker"));
        String large = "x".repeat(4096);
        asker.post("/v1/approvals", approval(""));
        asker.post(
                "/v1/approvals",
                "{\"title\":\"Large\",\"description\":\"" + large + "x\",\"reasoning\":\"" + large
                        + "\",\"metadata\":{\"m\":\""
                        + large + "\"},\"argsSchema\":{\"title\":\"" + large
                        + "\"},\"action\":{\"name\":\"mail\",\"args\":{\"text\":\"" + large
                        + "\"},\"preview\":{\"kind\":\"text\",\"text\":\"" + large + "\"}}}");

        JsonNode rows = asker.get("/v1/approvals").json().get("data");

        JsonNode truncated = rows.get(0);
        assertThat(truncated.at("/action/truncated").asBoolean()).isTrue();
        assertThat(truncated.at("/action").propertyNames()).containsExactlyInAnyOrder("name", "digest", "truncated");
        assertThat(truncated.propertyNames()).doesNotContain("description", "argsSchema", "metadata");
        assertThat(truncated.get("reasoning").asString()).isEqualTo(large);
        JsonNode whole = rows.get(1);
        assertThat(whole.at("/action").has("truncated")).isFalse();
        assertThat(whole.at("/action/args/orderId").asInt()).isEqualTo(9);
        assertThat(whole.get("metadata").isEmpty()).isTrue();
        JsonNode single =
                asker.get("/v1/approvals/" + truncated.get("id").asString()).json();
        assertThat(single.at("/action/args/text").asString()).isEqualTo(large);
        assertThat(single.at("/metadata/m").asString()).isEqualTo(large);
    }

    @Test
    void aPageEndsEarlyWhenItsRowsAreLarge() {
        TestClient asker = server.as(server.key("pages", "asker"));
        asker.put("/v1/agents/bot", Map.of("name", "bot"));
        for (int index = 0; index < 45; index++) {
            String text = index + "-" + "ü".repeat(15_000);
            assertThat(asker.post("/v1/agents/bot/messages", Map.of("text", text))
                            .status())
                    .isEqualTo(201);
        }

        List<String> seen = new ArrayList<>();
        String next = "";
        int pages = 0;
        do {
            TestClient.Answer page = asker.get("/v1/agents/bot/messages?limit=200" + next);
            assertThat(page.body().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                    .isLessThan(1_100_000);
            page.json()
                    .get("data")
                    .forEach(row -> seen.add(row.get("text").asString().split("-", 2)[0]));
            next = page.json().has("nextCursor")
                    ? "&cursor=" + page.json().get("nextCursor").asString()
                    : "";
            pages++;
        } while (!next.isEmpty());

        assertThat(pages).isEqualTo(2);
        assertThat(seen).hasSize(45).doesNotHaveDuplicates().startsWith("44").endsWith("0");
    }

    @Test
    void oneCallersWaitsLeavePlacesToOthersAndPlainReadsTakeNone() {
        JsonNode approval = key.post("/v1/approvals", approval("")).json();
        String path = "/v1/approvals/" + approval.get("id").asString();
        JsonNode decided = key.post("/v1/approvals", approval("")).json();
        decide(decided, Map.of());
        List<CompletableFuture<TestClient.Answer>> waiting =
                new ArrayList<>(List.of(key.getAsync(path + "?wait=50"), key.getAsync(path + "?wait=50")));
        ApprovalWaits waits = server.part(ApprovalWaits.class);
        Awaitility.await().until(() -> waits.waiters() == 2);

        TestClient.Answer third = key.get(path + "?wait=50");
        assertThat(third.status()).isEqualTo(503);
        assertThat(third.json().get("detail").asString())
                .startsWith("heliograph.approvals.max-waiters-per-caller allows 2");
        assertThat(third.header("Retry-After")).isPresent();
        assertThat(key.get(path).status()).isEqualTo(200);
        assertThat(key.get("/v1/approvals/" + decided.get("id").asString() + "?wait=50")
                        .status())
                .isEqualTo(200);
        waiting.add(olga.getAsync(path + "?wait=50"));
        Awaitility.await().until(() -> waits.waiters() == 3);
        assertThat(server.as(server.key("acme", "other")).get(path + "?wait=50").body())
                .contains("heliograph.approvals.max-waiters-per-workspace allows 3");
        assertThat(server.anonymous().get("/metrics").body())
                .contains("heliograph_shares_limits_met_total{limit=\"approvals.max-waiters-per-caller\"} 1.0")
                .contains("heliograph_approvals_waiters 3.0");

        decide(approval, Map.of());
        assertThat(waiting)
                .allSatisfy(
                        answer -> assertThat(answer.join().json().get("status").asString())
                                .isEqualTo("approved"));
        Awaitility.await()
                .until(() -> server.anonymous().get("/metrics").body().contains("heliograph_approvals_waiters 0.0"));
    }

    private static void isAlreadyDecided(TestClient.Answer answer) {
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("already_decided");
        assertThat(answer.json().at("/resolution/outcome").asString()).isNotEmpty();
    }

    private static int bulk(String body) {
        return olga.post("/v1/approvals/bulk-decision", body)
                .json()
                .at("/data/0/status")
                .asInt();
    }

    private static TestClient.Answer create(String argsSchema) {
        return key.post("/v1/approvals", approval(",\"argsSchema\":" + argsSchema));
    }

    private static String approval(String more) {
        return "{\"title\":\"Refund\",\"action\":{\"name\":\"refund\",\"args\":{\"orderId\":9}},"
                + "\"allow\":{\"edit\":true,\"respond\":true}" + more + "}";
    }

    private static TestClient.Answer decide(JsonNode approval, Map<String, Object> fields, String... headers) {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("outcome", "approved", "digest", digest(approval)));
        body.putAll(fields);
        return olga.post("/v1/approvals/" + approval.get("id").asString() + "/decision", body, headers);
    }

    private static TestClient.Answer post(JsonNode approval, String body) {
        return olga.post("/v1/approvals/" + approval.get("id").asString() + "/decision", body);
    }

    private static String digest(JsonNode approval) {
        return approval.at("/action/digest").asString();
    }
}
