package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two whole servers on one PostgreSQL, with a bus between them. They look for lost hints every five minutes: what arrives
 * before a test gives up has come over the bus.
 */
@SuppressWarnings("NullAway.Init") // JUnit sets it
abstract class TwoNodesContract {
    @TempDir
    Path folder;

    EmbeddedPostgres postgres;
    TestServer one;
    TestServer other;

    /** What {@code heliograph.bus} names. */
    abstract String bus();

    @BeforeEach
    void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        one = node("one");
        other = node("other");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> bus(one).equals("up") && bus(other).equals("up"));
    }

    @AfterEach
    void stop() throws IOException {
        other.close();
        one.close();
        postgres.close();
    }

    private TestServer node(String name) {
        return TestServer.start(
                folder.resolve(name),
                "heliograph.database-url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "heliograph.token-secret=" + "0123456789".repeat(4),
                "heliograph.bus=" + bus(),
                "heliograph.gateway.head-check=5m");
    }

    static String bus(TestServer node) {
        TestClient.Answer ready = node.anonymous().get("/health/ready");
        assertThat(ready.status()).isEqualTo(200);
        return ready.json().at("/checks/bus").asString();
    }

    static String metric(TestServer node, String name) {
        return node.anonymous()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow();
    }

    static String ask(TestClient agent, String title) {
        TestClient.Answer answer = agent.post(
                "/v1/approvals",
                Map.of("title", title, "action", Map.of("name", "refund", "args", Map.of()), "expiresIn", 600));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asString();
    }

    static String title(TestSocket socket) {
        JsonNode event = socket.event("approval:created");
        return event.get(1).at("/data/approval/title").asString();
    }

    @Test
    void whatIsCommittedOnOneNodeReachesTheSocketsOfTheOther() {
        TestClient agent = one.as(one.key("acme", "agent"));
        String ada = one.token("acme", "ada", Role.OPERATOR);
        try (TestSocket here = TestSocket.connected(one, ada);
                TestSocket there = TestSocket.connected(other, ada);
                TestSocket foreign = TestSocket.connected(other, one.token("globex", "eve", Role.OWNER))) {
            for (String title : List.of("first?", "second?")) {
                String id = ask(agent, title);
                assertThat(title(there)).isEqualTo(title);
                assertThat(title(here)).isEqualTo(title);
                assertThat(other.as(ada).get("/v1/approvals/" + id).status()).isEqualTo(200);
            }
            assertThat(foreign.waiting()).isEmpty();
        }
        assertThat(metric(one, "heliograph_bus_published_total")).doesNotEndWith(" 0.0");
        assertThat(metric(other, "heliograph_bus_received_total")).doesNotEndWith(" 0.0");
        assertThat(metric(other, "heliograph_bus_connected")).endsWith(" 1.0");
    }

    @Test
    void deltasThatAreNotLoggedReachTheSocketsOfTheOtherNode() {
        TestClient agent = one.as(one.key("acme", "agent"));
        agent.put("/v1/agents/agt_1", Map.of("status", "working"));
        try (TestSocket there = TestSocket.connected(other, one.token("acme", "ada", Role.VIEWER))) {
            String id = agent.post("/v1/agents/agt_1/messages", Map.of("text", "", "state", "streaming"))
                    .json()
                    .path("id")
                    .asString();
            there.event("agent:message");

            agent.post("/v1/agents/agt_1/messages/" + id + "/deltas", Map.of("append", "Hello "));

            JsonNode delta = there.event("agent:message");
            assertThat(delta.get(1).path("append").asString()).isEqualTo("Hello ");
        }
    }

    @Test
    void membersOfOneNodeAreSeenOnTheOther() {
        String ada = one.token("acme", "ada", Role.OPERATOR);
        String bob = one.token("acme", "bob", Role.VIEWER);
        try (TestSocket there = TestSocket.connected(other, bob)) {
            try (TestSocket here = TestSocket.connected(one, ada);
                    TestSocket foreign = TestSocket.connected(one, one.token("globex", "eve", Role.OWNER))) {
                here.emit("presence:set", Map.of("approvalId", "apr_1")).join();
                await().until(() -> present(there).equals("ada@apr_1 bob"));
                await().until(() -> present(here).equals("ada@apr_1 bob"));
                assertThat(present(foreign)).isEqualTo("eve");
            }
            await().until(() -> present(there).equals("bob"));
        }
    }

    /** The newest update of presence, such as {@code ada@apr_1 bob}. */
    private static String present(TestSocket socket) {
        List<String> members = new ArrayList<>();
        List<JsonNode> updates = socket.presenceWaiting();
        if (!updates.isEmpty()) {
            for (JsonNode member : updates.getLast().path("members")) {
                String at = member.has("approvalId")
                        ? "@" + member.path("approvalId").asString()
                        : "";
                members.add(member.path("name").asString() + at);
            }
        }
        return String.join(" ", members);
    }

    @Test
    void deltasThatGoThroughBothNodesInTurnAreNumberedAsOne() {
        long seed = Long.getLong("heliograph.seed", System.nanoTime());
        Random random = new Random(seed);
        String key = one.key("acme", "agent");
        List<TestClient> nodes = List.of(one.as(key), other.as(key));
        nodes.getFirst().put("/v1/agents/agt_1", Map.of("status", "working"));
        String token = one.token("acme", "ada", Role.VIEWER);
        try (TestSocket here = TestSocket.connected(one, token);
                TestSocket there = TestSocket.connected(other, token)) {
            String id = nodes.getLast()
                    .post("/v1/agents/agt_1/messages", Map.of("text", "", "state", "streaming"))
                    .json()
                    .path("id")
                    .asString();
            String path = "/v1/agents/agt_1/messages/" + id + "/deltas";
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                String piece = "piece " + i + ". ";
                text.append(piece);
                int copies = 1 + random.nextInt(2);
                for (int copy = 0; copy < copies; copy++) {
                    // Mostly in turn, at times several through one node.
                    TestClient node = nodes.get(random.nextInt(4) == 0 ? 0 : (i + copy) % 2);
                    TestClient.Answer answer =
                            node.post(path, Map.of("append", piece), "Idempotency-Key", "piece-" + i);
                    assertThat(answer.status()).as("seed " + seed).isEqualTo(202);
                    assertThat(answer.header("Idempotency-Replayed").isPresent())
                            .isEqualTo(copy > 0);
                }
            }

            assertThat(deltas(here, text.length())).as("seed " + seed).isEqualTo(text.toString());
            assertThat(deltas(there, text.length())).as("seed " + seed).isEqualTo(text.toString());
            nodes.getFirst().post(path, Map.of("append", "waits "));
            nodes.getFirst().post(path, Map.of("append", "waits too"));
            nodes.getLast().post("/v1/agents/agt_1/messages", Map.of("id", id, "text", "all"));
            assertThat(nodes.getFirst().post(path, Map.of("append", "x")).status())
                    .isEqualTo(409);
            for (TestSocket socket : List.of(here, there)) {
                JsonNode event = socket.event("agent:message");
                while (event.size() == 2) {
                    event = socket.event("agent:message");
                }
                assertThat(event.at("/1/data/message/state").asString()).isEqualTo("final");
            }
            assertThat(metric(one, "heliograph_agents_streaming")).endsWith(" 0.0");
            await().until(() -> metric(other, "heliograph_agents_streaming").endsWith(" 0.0"));
        }
    }

    /** The text of a message's deltas in the order of their numbers, which begin with 1 and have no gap. */
    private static String deltas(TestSocket socket, int length) {
        TreeMap<Integer, String> pieces = new TreeMap<>();
        while (pieces.values().stream().mapToInt(String::length).sum() < length) {
            JsonNode event = socket.event("agent:message");
            if (event.size() == 2) {
                String before = pieces.put(
                        event.get(1).path("rev").asInt(),
                        event.get(1).path("append").asString());
                assertThat(before).isNull();
            }
        }
        assertThat(pieces.firstKey()).isEqualTo(1);
        assertThat(pieces.lastKey()).isEqualTo(pieces.size());
        return String.join("", pieces.values());
    }
}
