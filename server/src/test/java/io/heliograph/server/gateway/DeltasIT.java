package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.engineio.Session;
import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.EventLog;
import io.heliograph.gateway.EventsGateway;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Subject;
import io.heliograph.server.events.VolatileEvent;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.workspaces.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Deltas of streaming messages, from the request to sockets that read and one that does not. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class DeltasIT {
    private static final String MESSAGES = "/v1/agents/agt_1/messages";

    @TempDir
    Path folder;

    @Test
    void deltasComeBetweenTheFirstAndTheFinalStateWithoutACursorAndAreNotLogged() {
        try (TestServer server = TestServer.start(folder)) {
            TestClient robot = robot(server);
            try (TestSocket all = TestSocket.connected(server, server.token("acme", "ada", Role.VIEWER));
                    TestSocket watching = TestSocket.connected(server, server.token("acme", "bob", Role.VIEWER));
                    TestSocket elsewhere = TestSocket.connected(server, server.token("acme", "eve", Role.VIEWER));
                    TestSocket foreign = TestSocket.connected(server, server.token("other", "eve", Role.VIEWER))) {
                assertThat(watch(watching, "agt_1")).isEqualTo(1);
                assertThat(watch(elsewhere, "agt_2")).isEqualTo(1);
                String id = begin(robot);
                assertThat(robot.post(MESSAGES + "/" + id + "/deltas", Map.of("append", "Hello "))
                                .status())
                        .isEqualTo(202);

                JsonNode first = delta(all);
                assertThat(first.path("append").asString()).isEqualTo("Hello ");
                assertThat(first.path("messageId").asString()).isEqualTo(id);
                assertThat(first.path("rev").asInt()).isEqualTo(1);
                assertThat(delta(watching)).isEqualTo(first);
                robot.post(MESSAGES + "/" + id + "/deltas", Map.of("append", "world"));
                assertThat(delta(all).path("rev").asInt()).isEqualTo(2);
                end(robot, id, "Hello world");

                JsonNode last = all.event("agent:message");
                assertThat(last.size()).isEqualTo(3);
                assertThat(last.get(1).at("/data/message/text").asString()).isEqualTo("Hello world");
                assertThat(watching.event("agent:message").size()).isLessThanOrEqualTo(3);
                assertThat(elsewhere.waiting())
                        .noneMatch(event -> event.get(0).asString().equals("agent:message"));
                assertThat(foreign.waiting()).isEmpty();
                assertThat(robot.get("/v1/events").body()).doesNotContain("\"append\"");
            }
        }
    }

    @Test
    void aDeltaThatIsRepeatedUnderItsKeyIsToldOnceAndStoresNoAnswer() {
        try (TestServer server = TestServer.start(folder)) {
            TestClient robot = robot(server);
            try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.VIEWER))) {
                String id = begin(robot);
                String path = MESSAGES + "/" + id + "/deltas";
                int stored = answers(server);

                TestClient.Answer first = robot.post(path, Map.of("append", "one "), "Idempotency-Key", "k-1");
                TestClient.Answer repeat = robot.post(path, Map.of("append", "one "), "Idempotency-Key", "k-1");
                robot.post(path, Map.of("append", "two "));
                TestClient.Answer again = robot.post(path, Map.of("append", "one "), "Idempotency-Key", "k-1");
                robot.post(path, Map.of("append", "three "), "Idempotency-Key", "k-2");
                TestClient.Answer empty = robot.post(path, Map.of("append", "x"), "Idempotency-Key", "");
                assertThat(text(socket, "one two three ")).isEqualTo("one two three ");
                end(robot, id, "one two three ");
                TestClient.Answer late = robot.post(path, Map.of("append", "three "), "Idempotency-Key", "k-2");
                TestClient.Answer other = robot.post(path, Map.of("append", "four "), "Idempotency-Key", "k-3");

                assertThat(List.of(first.status(), repeat.status(), again.status(), late.status()))
                        .containsOnly(202);
                assertThat(first.header("Idempotency-Replayed")).isEmpty();
                assertThat(List.of(repeat, again, late))
                        .allMatch(
                                answer -> answer.header("Idempotency-Replayed").equals(Optional.of("true")));
                assertThat(empty.status()).isEqualTo(400);
                assertThat(other.status()).isEqualTo(409);
                assertThat(answers(server)).isEqualTo(stored);
            }
        }
    }

    @Test
    void aDurableTextTellsWhichDeltasItHas() {
        try (TestServer server = TestServer.start(folder, "heliograph.agents.delta-interval=10s")) {
            TestClient robot = robot(server);
            try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.VIEWER))) {
                String id = begin(robot);
                String path = MESSAGES + "/" + id + "/deltas";
                assertThat(socket.event("agent:message").at("/1/data/message").has("deltaRev"))
                        .isFalse();
                robot.post(path, Map.of("append", "one "));
                assertThat(delta(socket).path("rev").asInt()).isEqualTo(1);
                // It waits for its interval, and the text below has it.
                robot.post(path, Map.of("append", "two "));

                TestClient.Answer durable =
                        robot.post(MESSAGES, Map.of("id", id, "text", "one two ", "state", "streaming"));
                // So this one shares nothing with it.
                robot.post(path, Map.of("append", "three"));
                TestClient.Answer last = robot.post(MESSAGES, Map.of("id", id, "text", "one two three"));

                assertThat(durable.json().path("deltaRev").asInt()).isEqualTo(2);
                assertThat(last.json().path("deltaRev").asInt()).isEqualTo(3);
                assertThat(socket.event("agent:message")
                                .at("/1/data/message/deltaRev")
                                .asInt())
                        .isEqualTo(2);
                assertThat(robot.get(MESSAGES).json().at("/data/0/deltaRev").asInt())
                        .isEqualTo(3);
            }
        }
    }

    @Test
    void aDeltaThatComesOverTheBusBehindTheFinalStateIsNotTold() {
        try (TestServer server = TestServer.start(folder)) {
            TestClient robot = robot(server);
            try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.VIEWER))) {
                String id = begin(robot);
                String still = begin(robot);
                robot.post(MESSAGES + "/" + id + "/deltas", Map.of("append", "Hello"));
                assertThat(delta(socket).path("messageId").asString()).isEqualTo(id);
                end(robot, id, "Hello");
                await().until(() -> socket.waiting().stream()
                        .anyMatch(event ->
                                event.at("/1/data/message/state").asString().equals("final")));

                for (String message : List.of(id, still)) {
                    server.part(Bus.class)
                            .signal(new VolatileEvent(
                                            server.workspace("acme"),
                                            "agent:message",
                                            "agt_1",
                                            "{\"messageId\":\"" + message
                                                    + "\",\"agentId\":\"agt_1\",\"rev\":9,\"append\":\"late\"}")
                                    .toSignal());
                }

                assertThat(delta(socket).path("messageId").asString()).isEqualTo(still);
            }
        }
    }

    @Test
    void oneCallersMessagesLeavePlacesToOthers() {
        try (TestServer server = TestServer.start(
                folder,
                "heliograph.agents.max-streaming=4",
                "heliograph.agents.max-streaming-per-workspace=3",
                "heliograph.agents.max-streaming-per-caller=2")) {
            TestClient robot = robot(server);
            TestClient other = server.as(server.key("acme", "other"));
            other.put("/v1/agents/agt_2", Map.of("status", "working"));
            String first = begin(robot);
            assertThat(stream(robot, first).status()).isEqualTo(202);
            assertThat(stream(robot, begin(robot)).status()).isEqualTo(202);

            String third = begin(robot);
            TestClient.Answer tooMany = stream(robot, third);
            assertThat(tooMany.status()).isEqualTo(429);
            assertThat(tooMany.code()).isEqualTo("too_many_requests");
            assertThat(tooMany.header("Retry-After")).isPresent();
            assertThat(tooMany.json().path("detail").asString())
                    .startsWith("heliograph.agents.max-streaming-per-caller allows 2 messages");
            assertThat(stream(robot, first).status()).isEqualTo(202);
            // One that is refused for another reason takes no place.
            assertThat(other.post("/v1/agents/agt_2/messages/msg_none/deltas", Map.of("append", "x"))
                            .status())
                    .isEqualTo(404);
            assertThat(stream(other, "agt_2", begin(other, "agt_2")).status()).isEqualTo(202);
            assertThat(stream(other, "agt_2", begin(other, "agt_2"))
                            .json()
                            .path("detail")
                            .asString())
                    .startsWith("heliograph.agents.max-streaming-per-workspace allows 3");
            assertThat(server.anonymous().get("/metrics").body())
                    .contains("heliograph_agents_streaming 3.0")
                    .contains("heliograph_shares_limits_met_total{limit=\"agents.max-streaming-per-caller\"} 1.0")
                    .contains("heliograph_shares_limits_met_total{limit=\"agents.max-streaming-per-workspace\"} 1.0");

            end(robot, first, "done");
            assertThat(stream(robot, third).status()).isEqualTo(202);
        }
    }

    @Test
    void deltasThatCannotBeAreRefusedWithTheFix() {
        try (TestServer server = TestServer.start(folder)) {
            TestClient robot = robot(server);
            TestClient ada = server.as(server.token("acme", "ada", Role.OPERATOR));
            String id = begin(robot);
            String path = MESSAGES + "/" + id + "/deltas";

            assertThat(ada.post(path, Map.of("append", "x")).code()).isEqualTo("forbidden");
            assertThat(robot.post(path, Map.of("append", "")).code()).isEqualTo("invalid_request");
            assertThat(robot.post(path, Map.of("append", "x".repeat(4_001))).code())
                    .isEqualTo("invalid_request");
            assertThat(robot.post(MESSAGES + "/msg_none/deltas", Map.of("append", "x"))
                            .code())
                    .isEqualTo("not_found");
            TestClient foreign = server.as(server.key("other", "robot"));
            assertThat(foreign.post(path, Map.of("append", "x")).code()).isEqualTo("not_found");
            assertThat(robot.post(path, Map.of("append", "\n")).status()).isEqualTo(202);
            assertThat(ada.post(path, Map.of("append", "x")).code()).isEqualTo("forbidden");
            end(robot, id, "done");
            TestClient.Answer late = robot.post(path, Map.of("append", "x"));
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.json().path("detail").asString()).contains("final");
        }
    }

    @Test
    void aSocketThatDoesNotReadGetsNoDeltasAndEveryDurableEventInOrder() {
        try (TestServer server = TestServer.start(folder, "heliograph.gateway.max-outbound=64MB")) {
            TestClient robot = robot(server);
            String id = begin(robot);
            try (TestSocket reads = TestSocket.connected(server, server.token("acme", "ada", Role.VIEWER));
                    // The open packet and the answer to CONNECT; then it takes nothing more.
                    TestSocket slow = TestSocket.open(server, 2)) {
                slow.connect(Map.of("token", server.token("acme", "bob", Role.VIEWER)));
                await().until(slow::isConnected);
                Session session = server.part(EventsGateway.class)
                        .sockets()
                        .engine()
                        .session(slow.sessionId())
                        .orElseThrow();
                // Until the kernel's buffers between the two are full.
                await().until(() -> {
                    appendLarge(server);
                    return isFull(session);
                });
                List<JsonNode> deltas = new ArrayList<>();
                for (int number = 1; number <= 5; number++) {
                    robot.post(MESSAGES + "/" + id + "/deltas", Map.of("append", "piece " + number));
                    deltas.add(delta(reads));
                }
                end(robot, id, "the whole text");
                long head = server.part(EventLog.class)
                        .open(server.workspace("acme"))
                        .cursor()
                        .offset();

                slow.read(Long.MAX_VALUE);
                List<JsonNode> events = new ArrayList<>();
                do {
                    events.add(slow.event());
                } while (events.getLast().get(1).path("offset").asLong() < head);

                assertThat(deltas)
                        .extracting(delta -> delta.path("append").asString())
                        .containsExactly("piece 1", "piece 2", "piece 3", "piece 4", "piece 5");
                assertThat(deltas)
                        .extracting(delta -> delta.path("rev").asInt())
                        .containsExactly(1, 2, 3, 4, 5);
                long before = events.getFirst().get(1).path("offset").asLong();
                assertThat(events)
                        .extracting(event -> event.get(1).path("offset").asLong())
                        .isEqualTo(LongStream.rangeClosed(before, head).boxed().toList());
                assertThat(events).allMatch(event -> event.size() == 3);
                assertThat(events.getLast().get(1).at("/data/message/text").asString())
                        .isEqualTo("the whole text");
                assertThat(session.open()).isTrue();
            }
        }
    }

    @Test
    void aSocketPastItsBoundIsClosedAsSlowAndCounted() {
        try (TestServer server = TestServer.start(folder, "heliograph.gateway.max-outbound=64KB")) {
            try (TestSocket slow = TestSocket.open(server, 2)) {
                slow.connect(Map.of("token", server.token("acme", "bob", Role.VIEWER)));
                await().until(slow::isConnected);

                await().until(() -> {
                    appendLarge(server);
                    return server.part(MeterRegistry.class)
                                    .get("heliograph.gateway.slow.closes")
                                    .counter()
                                    .count()
                            == 1;
                });
            }
        }
    }

    private static TestClient robot(TestServer server) {
        TestClient robot = server.as(server.key("acme", "robot"));
        robot.put("/v1/agents/agt_1", Map.of("status", "working"));
        return robot;
    }

    /** A message that streams; answers its id. */
    private static String begin(TestClient robot) {
        return begin(robot, "agt_1");
    }

    private static String begin(TestClient robot, String agent) {
        TestClient.Answer answer =
                robot.post("/v1/agents/" + agent + "/messages", Map.of("text", "", "state", "streaming"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asString();
    }

    private static TestClient.Answer stream(TestClient robot, String id) {
        return stream(robot, "agt_1", id);
    }

    private static TestClient.Answer stream(TestClient robot, String agent, String id) {
        return robot.post("/v1/agents/" + agent + "/messages/" + id + "/deltas", Map.of("append", "x"));
    }

    private static int answers(TestServer server) {
        return server.part(JdbcClient.class)
                .sql("select count(*) from idempotency")
                .query(Integer.class)
                .single();
    }

    /** What the next deltas say together, up to a text; each continues the one before it. */
    private static String text(TestSocket socket, String expected) {
        StringBuilder text = new StringBuilder();
        int rev = 0;
        while (text.length() < expected.length()) {
            JsonNode delta = delta(socket);
            assertThat(delta.path("rev").asInt()).isEqualTo(++rev);
            text.append(delta.path("append").asString());
        }
        return text.toString();
    }

    private static void end(TestClient robot, String id, String text) {
        TestClient.Answer answer = robot.post(MESSAGES, Map.of("id", id, "text", text));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static int watch(TestSocket socket, String agent) {
        return socket.emit("topics:watch", Map.of("agents", List.of(agent)))
                .join()
                .path("watching")
                .asInt();
    }

    /** The next event that is a delta: it has one argument. */
    private static JsonNode delta(TestSocket socket) {
        JsonNode event = socket.event("agent:message");
        while (event.size() != 2) {
            event = socket.event("agent:message");
        }
        return event.get(1);
    }

    /** Asked on the session's loop, which owns the answer. */
    private static boolean isFull(Session session) {
        CompletableFuture<Boolean> full = new CompletableFuture<>();
        session.loop().execute(() -> full.complete(!session.writable() && session.queuedBytes() > 1_000_000));
        return full.join();
    }

    private static void appendLarge(TestServer server) {
        EventDrafts drafts = server.part(EventDrafts.class);
        server.part(EventLog.class).write(server.workspace("acme"), transaction -> {
            transaction.append(drafts.draft(
                    "test:note",
                    transaction.now(),
                    Audience.EVERYONE,
                    Optional.empty(),
                    Actor.SYSTEM,
                    Subject.of("approval", "apr_1", 1),
                    Map.of("text", "x".repeat(200_000))));
            return true;
        });
    }
}
