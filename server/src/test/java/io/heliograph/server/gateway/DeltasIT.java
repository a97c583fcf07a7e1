package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.engineio.Session;
import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.TestClient;
import io.heliograph.server.TestServer;
import io.heliograph.server.TestSocket;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Subject;
import io.heliograph.server.workspaces.Role;
import io.heliograph.socketio.SocketIoServer;
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
                Session session = server.part(SocketIoServer.class)
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
        TestClient.Answer answer = robot.post(MESSAGES, Map.of("text", "", "state", "streaming"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asString();
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
