package io.heliograph.server.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whose an agent is, who else may speak for it, and how that changes. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class OwnershipIT {
    private static final String AGENT = "/v1/agents/agt_1";
    private static final AtomicInteger WORKSPACES = new AtomicInteger();
    private static final Map<String, Function<OwnershipIT, Request>> WRITES = new LinkedHashMap<>();

    @TempDir
    static Path folder;

    static TestServer server;

    static {
        WRITES.put("report", _ -> new Request("PUT", AGENT, "{\"name\":\"Renamed\",\"status\":\"error\"}"));
        WRITES.put("heartbeat", _ -> new Request("POST", AGENT + "/heartbeat", ""));
        WRITES.put("stop", _ -> new Request("DELETE", AGENT + "/lease", ""));
        WRITES.put("message", _ -> new Request("POST", AGENT + "/messages", "{\"text\":\"It was me\"}"));
        WRITES.put(
                "delta",
                world -> new Request(
                        "POST", AGENT + "/messages/" + world.streaming + "/deltas", "{\"append\":\"It was me\"}"));
        WRITES.put(
                "end of a message",
                world -> new Request(
                        "POST", AGENT + "/messages", "{\"id\":\"" + world.streaming + "\",\"text\":\"It was me\"}"));
        WRITES.put("approval", _ -> new Request("POST", "/v1/approvals", asking("agt_1")));
        WRITES.put(
                "extension",
                world -> new Request("POST", "/v1/approvals/" + world.approval + "/extend", "{\"expiresIn\":90000}"));
        WRITES.put(
                "cancellation",
                world -> new Request("POST", "/v1/approvals/" + world.approval + "/cancel", "{\"reason\":\"no\"}"));
    }

    private String workspace;
    private TestClient owner;
    private Key first;
    private TestClient robot;
    private String streaming;
    private String approval;

    private record Request(String method, String path, String body) {
        TestClient.Answer by(TestClient client) {
            return client.call(
                    method,
                    path,
                    body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body),
                    "Content-Type",
                    "application/json");
        }
    }

    private record Key(String id, String secret) {
        static Key of(TestClient.Answer answer) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            return new Key(
                    answer.json().at("/key/id").asString(),
                    answer.json().path("secret").asString());
        }
    }

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A workspace of its own, whose key "first" has an agent with a message that streams and a pending request. */
    @BeforeEach
    void setUp() {
        workspace = "owners-" + WORKSPACES.incrementAndGet();
        owner = server.as(server.token(workspace, "olga", Role.OWNER));
        first = key("first");
        robot = server.as(first.secret);
        robot.put(AGENT, Map.of("name", "Robot", "lease", Map.of("seconds", 3_600)));
        streaming = robot.post(AGENT + "/messages", Map.of("text", "", "state", "streaming"))
                .json()
                .path("id")
                .asString();
        approval =
                robot.post("/v1/approvals", asking("agt_1")).json().path("id").asString();
    }

    static Stream<String> writes() {
        return WRITES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("writes")
    void anotherKeyIsRefusedWithTheFixAndWithoutEffect(String name) {
        Request request = write(name);
        TestClient other = server.as(key("second").secret);
        String before = state();

        TestClient.Answer answer = request.by(other);

        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("agent_of_another_key");
        assertThat(answer.json().path("detail").asString())
                .contains("agents:act-as", "actAs", "PUT /v1/agents/agt_1/owner");
        assertThat(state()).isEqualTo(before);
        assertThat(request.by(robot).status()).isBetween(200, 299);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aKeyThatActsAsTheAgentMayAndTheAgentStaysWhoseItIs(String name) {
        for (String agent : List.of("agt_1", "*")) {
            setUp();
            Key gateway = actingAs(agent);

            TestClient.Answer answer = write(name).by(server.as(gateway.secret));

            assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
            assertThat(ownerOf("agt_1")).isEqualTo(first.id);
        }
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aKeyThatActsAsAnotherAgentMayNot(String name) {
        TestClient gateway = server.as(actingAs("agt_2").secret);

        assertThat(write(name).by(gateway).code()).isEqualTo("agent_of_another_key");
    }

    @Test
    void toActAsEveryAgentEndsWithTheWorkspace() {
        TestClient elsewhere = server.as(server.token("owners-elsewhere", "olga", Role.OWNER));
        TestClient foreign = server.as(elsewhere
                .post(
                        "/v1/api-keys",
                        Map.of(
                                "name", "gateway",
                                "scopes", List.of("agents:write", "messages:write", "agents:act-as"),
                                "actAs", List.of("*")))
                .json()
                .path("secret")
                .asString());
        String before = state();

        assertThat(foreign.post(AGENT + "/heartbeat", "").code()).isEqualTo("not_found");
        assertThat(foreign.post(AGENT + "/messages/" + streaming + "/deltas", Map.of("append", "x"))
                        .code())
                .isEqualTo("not_found");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void membersMayWhatTheyCouldAndTheTrailSaysWho() {
        TestClient operator = server.as(server.token(workspace, "otto", Role.OPERATOR));

        assertThat(operator.put(AGENT, Map.of("name", "Renamed")).status()).isEqualTo(200);
        assertThat(operator.post(AGENT + "/heartbeat", "").status()).isEqualTo(200);

        JsonNode entry = lastEntry("agent.changed");
        assertThat(entry.at("/actor/type").asString()).isEqualTo("member");
        assertThat(entry.at("/actor/name").asString()).isEqualTo("otto");
        assertThat(entry.has("credential")).isFalse();
        assertThat(ownerOf("agt_1")).isEqualTo(first.id);
    }

    @Test
    void whatAMemberAskedForIsNotAKeysToTakeBack() {
        String id =
                owner.post("/v1/approvals", asking("agt_1")).json().path("id").asString();

        assertThat(robot.post("/v1/approvals/" + id + "/cancel", "{}").code()).isEqualTo("forbidden");
        assertThat(robot.post("/v1/approvals/" + id + "/extend", Map.of("expiresIn", 90_000))
                        .code())
                .isEqualTo("forbidden");
        assertThat(owner.get("/v1/approvals/" + id).json().path("status").asString())
                .isEqualTo("pending");
    }

    @Test
    void anAgentThatAMemberMadeBelongsToTheFirstKeyThatWritesIt() {
        owner.put("/v1/agents/agt_2", Map.of("name", "Nobody's"));
        assertThat(owner.get("/v1/agents/agt_2").json().has("owner")).isFalse();

        assertThat(robot.post("/v1/agents/agt_2/heartbeat", "").status()).isEqualTo(200);

        assertThat(ownerOf("agt_2")).isEqualTo(first.id);
        assertThat(server.as(key("second").secret)
                        .put("/v1/agents/agt_2", Map.of())
                        .code())
                .isEqualTo("agent_of_another_key");
    }

    /** As an earlier version left it. */
    @Test
    void anAgentWithoutAKeyBelongsToTheFirstKeyThatWritesIt() {
        change("update agent set key_id = null, owner_name = null where workspace = ?");
        Key second = key("second");
        TestClient taker = server.as(second.secret);

        assertThat(taker.post("/v1/approvals", asking("agt_1")).status()).isEqualTo(201);

        assertThat(ownerOf("agt_1")).isEqualTo(second.id);
        assertThat(robot.post(AGENT + "/heartbeat", "").code()).isEqualTo("agent_of_another_key");
    }

    @Test
    void theOwnerIsShownEverywhereAlike() {
        JsonNode one = robot.get(AGENT).json().path("owner");
        JsonNode listed = robot.get("/v1/agents").json().at("/data/0/owner");
        JsonNode told = robot.get("/v1/events")
                .json()
                .path("data")
                .valueStream()
                .filter(event -> event.path("type").asString().equals("agent:status"))
                .findFirst()
                .orElseThrow()
                .at("/data/agent/owner");

        assertThat(one).isEqualTo(listed).isEqualTo(told);
        assertThat(one.path("keyId").asString()).isEqualTo(first.id);
        assertThat(one.path("name").asString()).isEqualTo("first");
    }

    // --- keys that act as agents ------------------------------------------------------------------------------------

    @Test
    void aKeyGetsActAsByNameOnly() {
        JsonNode made =
                owner.post("/v1/api-keys", Map.of("name", "plain")).json().path("key");

        assertThat(made.path("scopes").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("read", "approvals:create", "agents:write", "messages:write");
        assertThat(made.has("actAs")).isFalse();
        assertThat(server.as(server.key(workspace, "from the command line"))
                        .get("/v1/whoami")
                        .json()
                        .at("/key/scopes"))
                .hasSize(4);
    }

    @Test
    void actAsIsShownWithTheKey() {
        Key gateway = actingAs("agt_1");

        JsonNode listed = owner.get("/v1/api-keys")
                .json()
                .path("data")
                .valueStream()
                .filter(key -> key.path("id").asString().equals(gateway.id))
                .findFirst()
                .orElseThrow();
        assertThat(listed.path("actAs").toString()).isEqualTo("[\"agt_1\"]");
        assertThat(server.as(gateway.secret).get("/v1/whoami").json().at("/key/actAs"))
                .isEqualTo(listed.path("actAs"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"agt_1\"]           | [\"read\"]          | actAs",
                "[\"agt_1\"]           |                     | actAs",
                "                      | [\"agents:act-as\"] | actAs",
                "[]                    | [\"agents:act-as\"] | actAs",
                "[\"agt_1\",\"agt_1\"] | [\"agents:act-as\"] | actAs",
                "[\"agt_1\",\"*\"]     | [\"agents:act-as\"] | actAs[1]",
                "[\"a b\"]             | [\"agents:act-as\"] | actAs[0]",
                "[7]                   | [\"agents:act-as\"] | actAs[0]",
            })
    void whatDoesNotFitIsRefusedByName(String actAs, String scopes, String field) {
        String body = "{\"name\":\"gateway\"" + (actAs == null ? "" : ",\"actAs\":" + actAs)
                + (scopes == null ? "" : ",\"scopes\":" + scopes) + "}";

        TestClient.Answer answer = owner.post("/v1/api-keys", body);

        assertThat(answer.status()).as(body).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
    }

    // --- rotation ---------------------------------------------------------------------------------------------------

    @Test
    void aRotatedKeyHasTheAgentsAndBothWorkDuringTheOverlap() {
        Key second = rotate(first, "{\"overlapSeconds\":3600}");
        TestClient successor = server.as(second.secret);

        for (TestClient client : List.of(successor, robot)) {
            setUpMessage(client);
            WRITES.forEach((name, request) ->
                    assertThat(request.apply(this).by(client).status()).as(name).isBetween(200, 299));
        }

        assertThat(ownerOf("agt_1")).isEqualTo(first.id);
        JsonNode keys = owner.get("/v1/api-keys").json().path("data");
        JsonNode old = byId(keys, first.id);
        JsonNode now = byId(keys, second.id);
        assertThat(now.path("lineage").asString()).isEqualTo(first.id);
        assertThat(now.path("name")).isEqualTo(old.path("name"));
        assertThat(now.path("scopes")).isEqualTo(old.path("scopes"));
        assertThat(now.path("owner")).isEqualTo(old.path("owner"));
        assertThat(now.has("expiresAt")).isFalse();
        assertThat(Instant.parse(old.path("expiresAt").asString()))
                .isBetween(Instant.now().plusSeconds(3_500), Instant.now().plusSeconds(3_700));
        assertThat(lastEntry("key.rotated").at("/detail/successor").asString()).isEqualTo(second.id);
    }

    @Test
    void withoutAnOverlapTheOldKeyAndItsSocketEndAtOnce() {
        try (TestSocket socket = TestSocket.connected(server, first.secret)) {
            Key second = rotate(first, "{}");

            assertThat(socket.event("closing").at("/1/code").asString()).isEqualTo("token_invalid");
            assertThat(robot.post(AGENT + "/heartbeat", "").code()).isEqualTo("token_invalid");
            assertThat(server.as(second.secret).post(AGENT + "/heartbeat", "").status())
                    .isEqualTo(200);
        }
    }

    /** It was opened by a key without an end. */
    @Test
    void anOpenSocketEndsWithTheOverlap() {
        try (TestSocket socket = TestSocket.connected(server, first.secret)) {
            Instant before = Instant.now();
            rotate(first, "{\"overlapSeconds\":2}");

            assertThat(socket.event("auth:expiring").at("/1/expiresAt").asString())
                    .isNotEmpty();
            assertThat(socket.event("closing").at("/1/code").asString()).isEqualTo("token_expired");
            assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofMillis(1_900));
            assertThat(robot.get("/v1/whoami").code()).isEqualTo("token_expired");
        }
    }

    @Test
    void anOpenSocketGoesOnWithTheNewKey() {
        try (TestSocket socket = TestSocket.connected(server, first.secret)) {
            Key second = rotate(first, "{\"overlapSeconds\":3600}");

            JsonNode ack =
                    socket.emit("auth:renew", Map.of("token", second.secret)).join();

            assertThat(ack.path("ok").asBoolean()).as(ack.toString()).isTrue();
            assertThat(ack.has("expiresAt")).isFalse();
        }
    }

    @Test
    void aWaitThatIsOpenEndsWithTheOverlap() {
        var waiting = robot.getAsync("/v1/events?wait=25&after="
                + robot.get("/v1/events?limit=200").json().path("nextCursor").asString(""));
        rotate(first, "{\"overlapSeconds\":1}");

        assertThat(waiting)
                .succeedsWithin(Duration.ofSeconds(15))
                .satisfies(answer -> assertThat(answer.code()).isEqualTo("token_expired"));
    }

    @Test
    void aKeyWithAnEndIsReplacedByOneThatLivesAsLong() {
        Key brief = Key.of(owner.post("/v1/api-keys", Map.of("name", "brief", "expiresIn", 600)));

        Key next = rotate(brief, "{\"overlapSeconds\":604800}");

        JsonNode keys = owner.get("/v1/api-keys").json().path("data");
        assertThat(Instant.parse(byId(keys, next.id).path("expiresAt").asString()))
                .isBetween(Instant.now().plusSeconds(590), Instant.now().plusSeconds(610));
        assertThat(Instant.parse(byId(keys, brief.id).path("expiresAt").asString()))
                .isBefore(Instant.now().plusSeconds(601));
    }

    @Test
    void whatTheOldKeyAskedForIsJoinedUnderTheNewOne() {
        String id = robot.post("/v1/approvals", asking("agt_1"), "Idempotency-Key", "k1")
                .json()
                .path("id")
                .asString();
        TestClient successor = server.as(rotate(first, "{}").secret);

        TestClient.Answer again = successor.post("/v1/approvals", asking("agt_1"), "Idempotency-Key", "k1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("id").asString()).isEqualTo(id);
    }

    @Test
    void aKeyThatHasEndedIsNotRotated() {
        rotate(first, "{}");

        TestClient.Answer revoked = owner.post("/v1/api-keys/" + first.id + "/rotate", "{}");
        assertThat(revoked.status()).isEqualTo(409);
        assertThat(revoked.code()).isEqualTo("conflict");
        Key brief = key("brief");
        rotate(brief, "{\"overlapSeconds\":1}");
        await().until(() -> server.as(brief.secret).get("/v1/whoami").status() == 401);
        assertThat(owner.post("/v1/api-keys/" + brief.id + "/rotate", "{}").code())
                .isEqualTo("conflict");
        assertThat(owner.post("/v1/api-keys/key_none/rotate", "{}").code()).isEqualTo("not_found");
    }

    @Test
    void theSecretOfARotationIsShownOnce() {
        String path = "/v1/api-keys/" + first.id + "/rotate";

        TestClient.Answer shown = owner.post(path, "{}", "Idempotency-Key", "r1");
        TestClient.Answer again = owner.post(path, "{}", "Idempotency-Key", "r1");

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json().path("key")).isEqualTo(shown.json().path("key"));
        assertThat(shown.json().path("secret").asString()).startsWith("hk_");
        assertThat(again.json().has("secret")).isFalse();
    }

    @Test
    void callsOfEitherKeyRenewTheLease() {
        TestClient successor = server.as(rotate(first, "{\"overlapSeconds\":3600}").secret);
        change("update agent set last_seen_at = 1 where workspace = ?");

        await().until(() -> successor.get("/v1/whoami").status() == 200
                && Instant.parse(owner.get(AGENT).json().path("lastSeenAt").asString())
                        .isAfter(Instant.EPOCH.plusSeconds(60)));
    }

    // --- takeover ---------------------------------------------------------------------------------------------------

    @Test
    void anAgentThatIsHandedOverHasNothingToDoWithItsFormerKey() {
        Key second = key("second");
        long version = owner.get(AGENT).json().path("version").asLong();
        assertThat(robot.post(AGENT + "/messages/" + streaming + "/deltas", Map.of("append", "mine "))
                        .status())
                .isEqualTo(202);

        TestClient.Answer handed = owner.put(AGENT + "/owner", Map.of("keyId", second.id));

        assertThat(handed.status()).as(handed.body()).isEqualTo(200);
        assertThat(handed.json().at("/owner/keyId").asString()).isEqualTo(second.id);
        assertThat(handed.json().path("version").asLong()).isEqualTo(version + 1);
        WRITES.forEach((name, request) ->
                assertThat(request.apply(this).by(robot).code()).as(name).isEqualTo("agent_of_another_key"));
        WRITES.forEach((name, request) -> assertThat(
                        request.apply(this).by(server.as(second.secret)).status())
                .as(name)
                .isBetween(200, 299));
        JsonNode entry = lastEntry("agent.owner_changed");
        assertThat(entry.at("/detail/before/keyId").asString()).isEqualTo(first.id);
        assertThat(entry.at("/detail/after/keyId").asString()).isEqualTo(second.id);
        assertThat(entry.at("/actor/name").asString()).isEqualTo("olga");
    }

    @Test
    void anAgentOfARevokedKeyStaysItsUntilItIsHandedOver() {
        Key second = key("second");
        owner.delete("/v1/api-keys/" + first.id);
        TestClient taker = server.as(second.secret);

        assertThat(taker.post(AGENT + "/heartbeat", "").code()).isEqualTo("agent_of_another_key");
        TestClient admin = server.as(server.token(workspace, "anna", Role.ADMIN));
        assertThat(admin.put(AGENT + "/owner", Map.of("keyId", second.id)).status())
                .isEqualTo(200);
        assertThat(taker.post(AGENT + "/heartbeat", "").status()).isEqualTo(200);
    }

    @Test
    void aHandOverToWhatCannotOwnIsRefused() {
        Key second = key("second");
        owner.delete("/v1/api-keys/" + second.id);
        TestClient operator = server.as(server.token(workspace, "otto", Role.OPERATOR));

        for (String id : List.of("key_none", second.id, "agt_1")) {
            TestClient.Answer answer = owner.put(AGENT + "/owner", Map.of("keyId", id));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("keyId");
        }
        assertThat(owner.put("/v1/agents/agt_none/owner", Map.of("keyId", first.id))
                        .code())
                .isEqualTo("not_found");
        assertThat(operator.put(AGENT + "/owner", Map.of("keyId", first.id)).code())
                .isEqualTo("forbidden");
        assertThat(robot.put(AGENT + "/owner", Map.of("keyId", first.id)).code())
                .isEqualTo("forbidden");
        assertThat(ownerOf("agt_1")).isEqualTo(first.id);
    }

    @Test
    void aHandOverToItsOwnerChangesNothing() {
        rotate(first, "{\"overlapSeconds\":60}");
        String before = owner.get(AGENT).json().path("version").asString("");

        assertThat(owner.put(AGENT + "/owner", Map.of("keyId", first.id)).status())
                .isEqualTo(200);

        assertThat(owner.get(AGENT).json().path("version").asString("")).isEqualTo(before);
        assertThat(entries("agent.owner_changed")).isEmpty();
    }

    // --- the credential beside the agent ----------------------------------------------------------------------------

    @Test
    void trailTimelineAndEventsSayWhichKeySpoke() {
        Key gateway = actingAs("*");
        String id = server.as(gateway.secret)
                .post("/v1/approvals", asking("agt_1"))
                .json()
                .path("id")
                .asString();

        JsonNode timeline =
                robot.get("/v1/approvals/" + id + "/timeline").json().at("/data/0");
        JsonNode audited = lastEntry("approval.created");
        JsonNode event = robot.get("/v1/events?limit=200")
                .json()
                .path("data")
                .valueStream()
                .filter(candidate -> candidate.at("/subject/id").asString("").equals(id))
                .findFirst()
                .orElseThrow();

        assertThat(timeline).isEqualTo(audited);
        assertThat(timeline.at("/actor/type").asString()).isEqualTo("agent");
        assertThat(timeline.at("/actor/id").asString()).isEqualTo("agt_1");
        assertThat(timeline.at("/actor").has("credential")).isFalse();
        assertThat(timeline.at("/credential/type").asString()).isEqualTo("key");
        assertThat(timeline.at("/credential/id").asString()).isEqualTo(gateway.id);
        assertThat(timeline.at("/credential/name").asString()).isEqualTo("gateway");
        assertThat(event.at("/actor/credential")).isEqualTo(timeline.at("/credential"));
    }

    // --- keys of a member that leaves -------------------------------------------------------------------------------

    @Test
    void keysOfAMemberThatIsRemovedAreRevoked() {
        Key bobs = keyOfBob();
        try (TestSocket socket = TestSocket.connected(server, bobs.secret)) {
            assertThat(owner.delete("/v1/members/" + bob()).status()).isEqualTo(204);

            assertThat(socket.event("closing").at("/1/code").asString()).isEqualTo("token_invalid");
        }
        assertThat(server.as(bobs.secret).get("/v1/whoami").code()).isEqualTo("token_invalid");
        assertThat(robot.get("/v1/whoami").status()).isEqualTo(200);
        assertThat(lastEntry("key.revoked").at("/subject/id").asString()).isEqualTo(bobs.id);
        assertThat(lastEntry("member.removed").at("/detail/keys").asString()).isEqualTo("revoke");
    }

    @Test
    void keysOfAMemberThatIsRemovedAreKeptOnRequest() {
        Key bobs = keyOfBob();

        assertThat(owner.delete("/v1/members/" + bob() + "?keys=keep").status()).isEqualTo(204);

        assertThat(server.as(bobs.secret).get("/v1/whoami").status()).isEqualTo(200);
        assertThat(entries("key.revoked")).isEmpty();
        assertThat(lastEntry("member.removed").at("/detail/keys").asString()).isEqualTo("keep");
    }

    @Test
    void whatElseIsToBecomeOfKeysIsRefused() {
        Key bobs = keyOfBob();

        for (String query : List.of("?keys=drop", "?keys=", "?keys=keep&keys=revoke", "?key=keep")) {
            TestClient.Answer answer = owner.delete("/v1/members/" + bob() + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/field").asString()).startsWith("key");
        }
        assertThat(server.as(bobs.secret).get("/v1/whoami").status()).isEqualTo(200);
    }

    private Request write(String name) {
        return Objects.requireNonNull(WRITES.get(name)).apply(this);
    }

    private String bob() {
        return server.member(workspace, "bob", Role.ADMIN);
    }

    private Key keyOfBob() {
        TestClient bob = server.as(server.token(workspace, "bob", Role.ADMIN));
        return Key.of(bob.post("/v1/api-keys", Map.of("name", "bob's")));
    }

    private Key key(String name) {
        return Key.of(owner.post("/v1/api-keys", Map.of("name", name)));
    }

    private Key actingAs(String agent) {
        return Key.of(owner.post(
                "/v1/api-keys",
                Map.of(
                        "name",
                        "gateway",
                        "scopes",
                        List.of("read", "approvals:create", "agents:write", "messages:write", "agents:act-as"),
                        "actAs",
                        List.of(agent))));
    }

    private Key rotate(Key key, String body) {
        return Key.of(owner.post("/v1/api-keys/" + key.id + "/rotate", body));
    }

    private void change(String sql) {
        WorkspaceId id = server.workspace(workspace);
        int changed = server.part(EventLog.class)
                .write(
                        id,
                        transaction ->
                                Sql.in(transaction).sql(sql).param(id.value()).update());
        assertThat(changed).isEqualTo(1);
    }

    /** Another message that streams and another pending request. */
    private void setUpMessage(TestClient client) {
        streaming = client.post(AGENT + "/messages", Map.of("text", "", "state", "streaming"))
                .json()
                .path("id")
                .asString();
        approval =
                client.post("/v1/approvals", asking("agt_1")).json().path("id").asString();
    }

    private static String asking(String agent) {
        return "{\"title\":\"Refund?\",\"action\":{\"name\":\"refund\"},\"agentId\":\"" + agent + "\"}";
    }

    private String ownerOf(String agent) {
        return owner.get("/v1/agents/" + agent).json().at("/owner/keyId").asString();
    }

    private static JsonNode byId(JsonNode list, String id) {
        return list.valueStream()
                .filter(item -> item.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> entries(String action) {
        return owner.get("/v1/audit?limit=200")
                .json()
                .path("data")
                .valueStream()
                .filter(entry -> entry.path("action").asString().equals(action))
                .toList();
    }

    private JsonNode lastEntry(String action) {
        return entries(action).getFirst();
    }

    /** What a foreign write must not change. */
    private String state() {
        return Stream.of(AGENT, AGENT + "/messages", "/v1/approvals", "/v1/audit?limit=200", "/v1/events?limit=200")
                .map(path -> owner.get(path).body())
                .reduce("", String::concat);
    }
}
