package io.heliograph.server.readers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Subject;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.workspaces.Role;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The log over plain HTTP: GET, long poll and server-sent events. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class ReadersIT {
    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                folder,
                "heliograph.readers.keep-alive=200ms",
                "heliograph.readers.max-per-caller=3",
                "heliograph.readers.slow-after=500ms");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void pagesGiveTheEnvelopeByteForByteAndTheNextCursor() {
        WorkspaceId workspace = server.workspace("pages");
        IntStream.range(0, 5).forEach(number -> append("pages", Audience.EVERYONE, "n" + number));
        TestClient ada = server.as(server.token("pages", "ada", Role.VIEWER));

        TestClient.Answer first = ada.get("/v1/events?limit=3");
        String next = first.json().path("nextCursor").asString();
        TestClient.Answer second = ada.get("/v1/events?limit=3&after=" + next);
        TestClient.Answer third =
                ada.get("/v1/events?after=" + second.json().path("nextCursor").asString());

        List<Event> stored = server.part(EventLog.class).after(workspace, 0, 10);
        assertThat(first.body())
                .isEqualTo("{\"data\":[" + payload(stored.get(0)) + "," + payload(stored.get(1)) + ","
                        + payload(stored.get(2)) + "],\"nextCursor\":\"" + next + "\",\"asOf\":\"" + next + "\"}");
        assertThat(first.header("heliograph-cursor")).hasValue(next);
        assertThat(offsets(second)).containsExactly(4L, 5L);
        assertThat(offsets(third)).isEmpty();
        assertThat(third.json().path("nextCursor").asString())
                .isEqualTo(second.json().path("nextCursor").asString());
    }

    @Test
    void aMemberSeesWhatIsForItAloneAndNobodyElseDoes() {
        String ada = server.member("audience", "ada", Role.OPERATOR);
        append("audience", Audience.EVERYONE, "for all");
        append("audience", Audience.member(ada), "for ada");
        append("audience", Audience.EVERYONE, "for all again");

        TestClient.Answer seenByAda =
                server.as(server.token("audience", "ada", Role.OPERATOR)).get("/v1/events");
        TestClient.Answer seenByBo =
                server.as(server.token("audience", "bo", Role.OWNER)).get("/v1/events");
        TestClient.Answer seenByKey = server.as(server.key("audience", "robot")).get("/v1/events");

        assertThat(offsets(seenByAda)).containsExactly(1L, 2L, 3L);
        assertThat(offsets(seenByBo)).containsExactly(1L, 3L);
        assertThat(offsets(seenByKey)).containsExactly(1L, 3L);
        assertThat(seenByBo.body()).doesNotContain("for ada");
    }

    @Test
    void anotherWorkspaceIsNeverRead() {
        append("mine", Audience.EVERYONE, "mine");
        append("theirs", Audience.EVERYONE, "theirs");
        append("theirs", Audience.EVERYONE, "theirs too");
        TestClient eve = server.as(server.token("mine", "eve", Role.OWNER));
        String foreign = server.as(server.token("theirs", "ada", Role.OWNER))
                .get("/v1/events?limit=1")
                .json()
                .path("nextCursor")
                .asString();

        TestClient.Answer answer = eve.get("/v1/events?after=" + foreign);

        assertThat(eve.get("/v1/events").body()).contains("mine").doesNotContain("theirs");
        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.code()).isEqualTo("cursor_gone");
        assertThat(answer.body()).doesNotContain("theirs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"after=nonsense", "after=a:b:c", "limit=0", "limit=1001", "limit=x", "wait=26", "wait=-1"})
    void badParametersAreNamed(String query) {
        TestClient.Answer answer =
                server.as(server.token("acme", "ada", Role.VIEWER)).get("/v1/events?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(query.startsWith("after") ? "cursor_invalid" : "invalid_request");
        assertThat(answer.json().path("detail").asString())
                .contains(query.startsWith("after") ? "cursor" : query.substring(0, query.indexOf('=')));
    }

    @Test
    void aKeyNeedsTheScopeToRead() {
        TestClient robot = server.as(server.key("acme", "robot", Scope.AGENTS_WRITE));

        assertThat(robot.get("/v1/events").code()).isEqualTo("forbidden");
        assertThat(robot.get("/v1/events/stream").code()).isEqualTo("forbidden");
    }

    @Test
    void aCursorOfAnotherLifeOfTheLogIsGone() {
        append("epochs", Audience.EVERYONE, "one");
        TestClient ada = server.as(server.token("epochs", "ada", Role.VIEWER));
        Cursor head =
                server.part(EventLog.class).open(server.workspace("epochs")).cursor();

        TestClient.Answer otherEpoch = ada.get("/v1/events?after=" + new Cursor("zz", 1, "abcdef"));
        TestClient.Answer ahead = ada.get("/v1/events?after=" + new Cursor(head.epoch(), 99, "abcdef"));
        TestClient.Answer otherHistory = ada.get("/v1/events?after=" + new Cursor(head.epoch(), 1, "abcdef"));

        assertThat(List.of(otherEpoch, ahead, otherHistory)).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(410);
            assertThat(answer.code()).isEqualTo("cursor_gone");
            assertThat(answer.json().path("cursor").asString()).isEqualTo(head.toString());
        });
        assertThat(List.of(otherEpoch, ahead, otherHistory).stream()
                        .map(answer -> answer.json().path("reason").asString())
                        .distinct())
                .hasSize(3);
    }

    @Test
    void aLongPollAnswersWhenSomethingHappens() {
        append("polls", Audience.EVERYONE, "before");
        TestClient ada = server.as(server.token("polls", "ada", Role.VIEWER));
        String cursor = ada.get("/v1/events").json().path("nextCursor").asString();

        CompletableFuture<TestClient.Answer> waiting = ada.getAsync("/v1/events?wait=25&after=" + cursor);
        await().until(() -> taken() == 1);
        append("polls", Audience.EVERYONE, "after");

        assertThat(offsets(waiting.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                        .join()))
                .containsExactly(2L);
        await().until(() -> taken() == 0);
    }

    @Test
    void aLongPollEndsWhenItsTimeIsUp() {
        TestClient ada = server.as(server.token("patience", "ada", Role.VIEWER));

        TestClient.Answer answer = ada.get("/v1/events?wait=1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(offsets(answer)).isEmpty();
        assertThat(answer.json().path("nextCursor").asString()).isNotEmpty();
    }

    @Test
    void aLongPollEndsWhenTheMemberIsRemoved() {
        TestClient owner = server.as(server.token("removal", "owner", Role.OWNER));
        TestClient ada = server.as(server.token("removal", "ada", Role.OPERATOR));
        String id = server.member("removal", "ada", Role.OPERATOR);
        CompletableFuture<TestClient.Answer> waiting = ada.getAsync("/v1/events?wait=25");
        await().until(() -> taken() == 1);

        owner.delete("/v1/members/" + id);

        TestClient.Answer answer =
                waiting.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
        assertThat(answer.code()).isEqualTo("token_invalid");
    }

    @Test
    void tooManyAtOnceAreRefusedWithTheLimitsName() {
        TestClient ada = server.as(server.token("crowd", "ada", Role.VIEWER));
        List<Stream> streams =
                IntStream.range(0, 3).mapToObj(_ -> Stream.open(ada, "")).toList();

        TestClient.Answer refused = ada.get("/v1/events?wait=5");
        TestClient.Answer withoutWaiting = ada.get("/v1/events");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("too_many_connections");
        assertThat(refused.header("retry-after")).isPresent();
        assertThat(refused.json().path("detail").asString()).contains("heliograph.readers.max-per-caller");
        assertThat(withoutWaiting.status()).isEqualTo(200);
        streams.forEach(Stream::close);
        await().until(() -> taken() == 0);
    }

    @Test
    void aStreamGivesWhatHappensWithCursorsAsIds() {
        append("streams", Audience.EVERYONE, "before");
        WorkspaceId workspace = server.workspace("streams");
        TestClient ada = server.as(server.token("streams", "ada", Role.VIEWER));
        Stream stream = Stream.open(ada, "");
        await().until(() -> !stream.messages().isEmpty());

        append("streams", Audience.EVERYONE, "first");
        append("streams", Audience.EVERYONE, "second");
        await().until(() -> stream.events().size() == 2);

        List<Event> stored = server.part(EventLog.class).after(workspace, 1, 10);
        assertThat(stream.events())
                .containsExactly(
                        new Message(stored.get(0).cursor().toString(), "test:note", payload(stored.get(0))),
                        new Message(stored.get(1).cursor().toString(), "test:note", payload(stored.get(1))));
        assertThat(stream.headers().get("content-type")).contains("text/event-stream");
        stream.close();
    }

    @Test
    void aStreamGoesOnAfterTheLastEventId() {
        IntStream.range(0, 600).forEach(number -> append("resume", Audience.EVERYONE, "n" + number));
        TestClient ada = server.as(server.token("resume", "ada", Role.VIEWER));
        String cursor = ada.get("/v1/events?limit=50").json().path("nextCursor").asString();

        Stream stream = Stream.open(ada, cursor);
        await().until(() -> stream.events().size() == 550);
        append("resume", Audience.EVERYONE, "live");
        await().until(() -> stream.events().size() == 551);

        List<Long> offsets = stream.events().stream()
                .map(message -> message.json().path("offset").asLong())
                .toList();
        assertThat(offsets)
                .isEqualTo(
                        IntStream.rangeClosed(51, 601).mapToObj(Long::valueOf).toList());
        stream.close();
    }

    @Test
    void aStreamShowsItsPositionEvenWhenThereIsNothingToSee() {
        String bo = server.member("position", "bo", Role.VIEWER);
        TestClient ada = server.as(server.token("position", "ada", Role.VIEWER));
        Stream stream = Stream.open(ada, "");
        await().until(() -> !stream.lastId().isEmpty());
        String before = stream.lastId();

        append("position", Audience.member(bo), "for bo");
        await().until(() -> !stream.lastId().equals(before));

        Cursor head =
                server.part(EventLog.class).open(server.workspace("position")).cursor();
        assertThat(stream.lastId()).isEqualTo(head.toString());
        assertThat(stream.events()).isEmpty();
        stream.close();
    }

    @Test
    void aStreamSaysResetAndGoesOnFromTheHead() {
        append("resets", Audience.EVERYONE, "old");
        TestClient ada = server.as(server.token("resets", "ada", Role.VIEWER));
        Cursor head =
                server.part(EventLog.class).open(server.workspace("resets")).cursor();

        Stream stream = Stream.open(ada, "zz:5:abcdef");
        await().until(() -> stream.events().size() == 1);
        append("resets", Audience.EVERYONE, "new");
        await().until(() -> stream.events().size() == 2);

        Message reset = stream.events().getFirst();
        assertThat(reset.event()).isEqualTo("reset");
        assertThat(reset.id()).isEqualTo(head.toString());
        assertThat(reset.json().path("cursor").asString()).isEqualTo(head.toString());
        assertThat(reset.json().path("reason").asString()).isNotEmpty();
        assertThat(stream.events().get(1).json().path("offset").asLong()).isEqualTo(2);
        stream.close();
    }

    @Test
    void aStreamEndsWithTheReasonWhenItsCredentialDoes() {
        TestClient owner = server.as(server.token("ends", "owner", Role.OWNER));
        JsonNode made = owner.post("/v1/api-keys", Map.of("name", "robot")).json();
        Stream revoked = Stream.open(server.as(made.path("secret").asString()), "");
        Stream expired = Stream.open(server.as(server.token("ends", "ada", Role.VIEWER, Duration.ofSeconds(3))), "");
        await().until(() -> !revoked.lastId().isEmpty() && !expired.lastId().isEmpty());

        owner.delete("/v1/api-keys/" + made.at("/key/id").asString());

        await().until(() -> revoked.ended() && expired.ended());
        assertThat(revoked.events().getLast().event()).isEqualTo("end");
        assertThat(revoked.events().getLast().json().path("code").asString()).isEqualTo("token_invalid");
        assertThat(expired.events().getLast().json().path("code").asString()).isEqualTo("token_expired");
    }

    @Test
    void aQuietStreamIsKeptAlive() {
        Stream stream = Stream.open(server.as(server.token("quiet", "ada", Role.VIEWER)), "");

        await().until(() -> stream.comments() >= 2);
        stream.close();
    }

    /** The reader's socket buffers are small and it reads nothing: the stream must end, and hold little meanwhile. */
    @Test
    void aStreamThatIsNotReadIsEnded() throws Exception {
        String token = server.token("slow", "ada", Role.VIEWER);
        String filler = "x".repeat(100_000);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.getOutputStream()
                    .write(("GET /v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                            .getBytes(UTF_8));
            await().until(() -> taken() == 1);

            IntStream.range(0, 100).forEach(_ -> append("slow", Audience.EVERYONE, filler));

            await().atMost(Duration.ofSeconds(20)).until(() -> taken() == 0);
        }
    }

    @Test
    void aStreamThatIsClosedByItsReaderGivesItsPlaceBack() {
        Stream stream = Stream.open(server.as(server.token("leave", "ada", Role.VIEWER)), "");
        await().until(() -> taken() == 1);

        stream.close();

        await().until(() -> taken() == 0);
    }

    private static int taken() {
        return server.part(LongPollLimiter.class).taken();
    }

    private static void append(String slug, Audience audience, String text) {
        EventDrafts drafts = server.part(EventDrafts.class);
        server.part(EventLog.class).write(server.workspace(slug), (Transaction transaction) -> {
            transaction.append(drafts.draft(
                    "test:note",
                    transaction.now(),
                    audience,
                    Optional.empty(),
                    Actor.SYSTEM,
                    Subject.of("approval", "apr_1", 1),
                    Map.of("text", text)));
            return true;
        });
    }

    private static String payload(Event event) {
        return new String(event.payload().bytes(), UTF_8);
    }

    private static List<Long> offsets(TestClient.Answer answer) {
        return answer.json()
                .path("data")
                .valueStream()
                .map(event -> event.path("offset").asLong())
                .toList();
    }

    private record Message(String id, String event, String data) {
        JsonNode json() {
            return io.heliograph.server.json.Json.mapper().readTree(data);
        }
    }

    /** Reads a stream of server-sent events on a thread of its own. */
    private record Stream(
            HttpResponse<InputStream> response, List<Message> messages, List<String> lines, Thread reader) {
        static Stream open(TestClient client, String lastEventId) {
            var request = client.request("/v1/events/stream");
            if (!lastEventId.isEmpty()) {
                request.header("Last-Event-ID", lastEventId);
            }
            HttpResponse<InputStream> response = client.http()
                    .sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                    .join();
            assertThat(response.statusCode()).isEqualTo(200);
            List<Message> messages = new CopyOnWriteArrayList<>();
            List<String> lines = new CopyOnWriteArrayList<>();
            Thread reader = Thread.startVirtualThread(() -> read(response.body(), messages, lines));
            return new Stream(response, messages, lines, reader);
        }

        private static void read(InputStream body, List<Message> messages, List<String> lines) {
            String id = "";
            String event = "";
            String data = "";
            try (var reader = new java.io.BufferedReader(new java.io.InputStreamReader(body, UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("event: ")) {
                        event = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        data = line.substring(6);
                    } else if (line.isEmpty()) {
                        messages.add(new Message(id, event, data));
                        event = "";
                        data = "";
                    } else {
                        lines.add(line);
                    }
                }
            } catch (java.io.IOException _) {
                // The test closed it.
            }
        }

        /** What a browser would tell its listeners. */
        List<Message> events() {
            return messages.stream().filter(message -> !message.data.isEmpty()).toList();
        }

        String lastId() {
            return messages.isEmpty() ? "" : messages.getLast().id;
        }

        long comments() {
            return lines.stream().filter(line -> line.startsWith(":")).count();
        }

        boolean ended() {
            return !reader.isAlive();
        }

        Map<String, String> headers() {
            return Map.of(
                    "content-type",
                    response.headers().firstValue("content-type").orElse(""));
        }

        void close() {
            try {
                response.body().close();
            } catch (java.io.IOException _) {
                // It is closed then.
            }
        }
    }
}
