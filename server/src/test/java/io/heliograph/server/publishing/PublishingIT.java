package io.heliograph.server.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.workspaces.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Events of other services: what is published, who sees it, what is repeated and what is left out. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class PublishingIT {
    @TempDir
    static Path folder;

    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void publishedEventsReachEveryReaderWithOneEnvelope() {
        TestClient shop = publisher("reach");
        TestClient.Answer answer;
        JsonNode live;
        try (TestSocket socket = TestSocket.connected(server, server.token("reach", "ada", Role.VIEWER))) {
            answer = shop.post("/v1/events", """
                    {"events":[
                      {"type":"order:shipped","topic":"orders/42","key":"state","eventId":"e-1","data":{"n":1.50,"x":null}},
                      {"type":"order:counted","data":[1,"two",null]},
                      {"type":"order:named","data":"text"},
                      {"type":"order:cleared","data":null}]}""");
            live = socket.event("order:shipped");
            assertThat(socket.event("order:cleared").get(1).get("data").isNull())
                    .isTrue();
        }

        assertThat(answer.status()).isEqualTo(201);
        JsonNode page = server.as(server.token("reach", "bo", Role.VIEWER))
                .get("/v1/events")
                .json();
        assertThat(types(page)).containsExactly("order:shipped", "order:counted", "order:named", "order:cleared");
        JsonNode envelope = page.at("/data/0");
        assertThat(live.get(1)).isEqualTo(envelope);
        assertThat(live.get(2)).isEqualTo(answer.json().at("/events/0/cursor"));
        assertThat(envelope.propertyNames())
                .containsExactly("id", "type", "offset", "at", "actor", "topic", "key", "data");
        assertThat(envelope.at("/actor/type").asString()).isEqualTo("key");
        assertThat(envelope.path("data")).hasToString("{\"n\":1.50,\"x\":null}");
        assertThat(answer.json()
                        .path("events")
                        .valueStream()
                        .map(event -> event.path("offset").asInt()))
                .containsExactly(1, 2, 3, 4);
        assertThat(answer.json().at("/events/0/eventId").asString()).isEqualTo("e-1");
        assertThat(answer.json().at("/events/0/id")).isEqualTo(envelope.path("id"));
        assertThat(answer.json().at("/events/3/cursor")).isEqualTo(page.path("nextCursor"));
    }

    @Test
    void anEventIdIsKnownToItsPublisherWithTheFirstOffset() {
        TestClient shop = publisher("again");
        String first = event("e-1", "1");
        JsonNode published = shop.post("/v1/events", events(first)).json().at("/events/0");

        TestClient.Answer again = shop.post("/v1/events", events(first));
        TestClient.Answer mixed = shop.post("/v1/events", events(event("e-2", "2"), first, event("e-2", "2")));
        TestClient.Answer other = shop.post("/v1/events", events(event("e-3", "3"), event("e-1", "4")));
        TestClient.Answer elsewhere = publisher("again").post("/v1/events", events(event("e-1", "4")));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().at("/events/0")).isEqualTo(published);
        assertThat(mixed.status()).isEqualTo(201);
        assertThat(offsets(mixed)).containsExactly(2, 1, 2);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.json().path("code").asString()).isEqualTo("conflict");
        assertThat(other.json().at("/errors/0/field").asString()).isEqualTo("events[1].eventId");
        assertThat(elsewhere.status()).as("another publisher has its own ids").isEqualTo(201);
        assertThat(offsets(elsewhere)).containsExactly(3);
    }

    @Test
    void parallelRequestsWithTheSameEventIdsMakeEachEventOnce() throws InterruptedException {
        TestClient shop = publisher("parallel");
        List<Thread> threads = IntStream.range(0, 16)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    TestClient.Answer answer =
                            shop.post("/v1/events", events(event("a", "1"), event("b", "2"), event("c", "3")));
                    assertThat(answer.status()).isIn(200, 201);
                    assertThat(offsets(answer)).containsExactly(1, 2, 3);
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        JsonNode page = server.as(server.token("parallel", "ada", Role.VIEWER))
                .get("/v1/events")
                .json();
        assertThat(page.path("data")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"data":1}                                             | events[1].type
            {"type":"approval:created","data":1}                   | events[1].type
            {"type":"topics:x","data":1}                           | events[1].type
            {"type":"Order:x","data":1}                            | events[1].type
            {"type":"order","data":1}                              | events[1].type
            {"type":"order:x"}                                     | events[1].data
            {"type":"order:x","data":1,"topic":"a//b"}             | events[1].topic
            {"type":"order:x","data":1,"topic":"orders/*"}         | events[1].topic
            {"type":"order:x","data":1,"key":" "}                  | events[1].key
            {"type":"order:x","data":1,"eventId":""}               | events[1].eventId
            {"type":"order:x","data":1,"audience":{}}              | events[1].audience.member
            {"type":"order:x","data":1,"audience":{"member":"me"}} | events[1].audience.member
            {"type":"order:x","data":1,"subject":{}}               | events[1].subject
            """)
    void oneBadEventRefusesAllAndIsNamed(String bad, String field) {
        TestClient shop = publisher("bad");

        TestClient.Answer answer = shop.post("/v1/events", events("{\"type\":\"order:good\",\"data\":1}", bad));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString())
                .as(answer.body())
                .isEqualTo(field);
        assertThat(server.as(server.token("bad", "ada", Role.VIEWER))
                        .get("/v1/events")
                        .json()
                        .path("data"))
                .isEmpty();
    }

    @Test
    void limitsAreNamedWithTheirSettings() {
        TestClient shop = publisher("limits");
        String large = "\"" + "x".repeat(64 * 1024 - 2) + "\"";
        String tooLarge = "\"" + "x".repeat(64 * 1024 - 1) + "\"";

        assertThat(shop.post("/v1/events", events()).body()).contains("heliograph.events.max-per-request");
        String[] many = new String[101];
        Arrays.fill(many, data("1"));
        assertThat(shop.post("/v1/events", events(many)).body()).contains("heliograph.events.max-per-request");
        assertThat(shop.post("/v1/events", events(data(tooLarge)))
                        .json()
                        .at("/errors/0/field")
                        .asString())
                .isEqualTo("events[0].data");
        TestClient.Answer together =
                shop.post("/v1/events", events(data(large), data(large), data(large), data(large), data("1")));
        assertThat(together.status()).isEqualTo(413);
        assertThat(together.body()).contains("heliograph.events.max-data-per-request");
        assertThat(shop.post("/v1/events", events(data(large), data(large), data(large), data(large)))
                        .status())
                .isEqualTo(201);
        assertThat(shop.post("/v1/events/volatile", events(data(large))).status())
                .isEqualTo(202);
        assertThat(server.anonymous().get("/metrics").body())
                .contains("heliograph_events_refused_total{limit=\"max-per-request\"} 2.0")
                .contains("heliograph_events_refused_total{limit=\"max-data\"} 1.0")
                .contains("heliograph_events_refused_total{limit=\"max-data-per-request\"} 1.0");
    }

    @Test
    void theRateOfPublishingIsLimitedApartFromOtherWrites(@TempDir Path other) {
        try (TestServer small = TestServer.start(
                other, "heliograph.limits.publishes-per-second=1", "heliograph.limits.publishes-burst=1")) {
            TestClient shop = small.as(small.key("rate", "shop", Scope.EVENTS_PUBLISH));
            assertThat(shop.post("/v1/events", events(data("1"))).status()).isEqualTo(201);

            TestClient.Answer refused = shop.post("/v1/events/volatile", events(data("1")));

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("heliograph.limits.publishes-per-second");
            assertThat(shop.put("/v1/event-types/order:rate", "{\"schema\":{}}").status())
                    .isEqualTo(201);
        }
    }

    @Test
    void anAudienceIsAnIdOrAHandleAndNobodyElseSeesIt() {
        TestClient shop = publisher("audience");
        String ada = server.member("audience", "ada@example.com", Role.VIEWER);
        shop.post(
                "/v1/events",
                events(
                        data("\"by id\"", "\"audience\":{\"member\":\"" + ada + "\"}"),
                        data("\"by handle\"", "\"audience\":{\"member\":\"ADA@example.com\"}"),
                        data("\"all\"")));

        assertThat(texts(server.as(server.token("audience", "ada@example.com", Role.VIEWER)), "/v1/events"))
                .containsExactly("by id", "by handle", "all");
        assertThat(texts(server.as(server.token("audience", "bo", Role.OWNER)), "/v1/events"))
                .containsExactly("all");
    }

    @Test
    void historyIsReadByTopicsAndPatterns() {
        TestClient shop = publisher("history");
        for (String topic : List.of("orders/1", "orders/2", "orders/1/items", "bills/1", "")) {
            shop.post(
                    "/v1/events", events(topic.isEmpty() ? data("\"none\"") : data("\"" + topic + "\"", topic(topic))));
        }
        TestClient ada = server.as(server.token("history", "ada", Role.VIEWER));

        assertThat(texts(ada, "/v1/events?topic=orders/*")).containsExactly("orders/1", "orders/2");
        assertThat(texts(ada, "/v1/events?topic=bills/1,orders/1")).containsExactly("orders/1", "bills/1");
        assertThat(texts(ada, "/v1/events?topic=nothing&wait=0")).isEmpty();
        assertThat(texts(ada, "/v1/events")).hasSize(5);
        assertThat(ada.get("/v1/events?topic=a/*/b")
                        .json()
                        .at("/errors/0/field")
                        .asString())
                .isEqualTo("topic");
    }

    @Test
    void socketsWatchTopicsAndAgentsApart() {
        TestClient shop = publisher("watch");
        TestClient robot = server.as(server.key("watch", "robot"));
        robot.put("/v1/agents/a1", "{\"name\":\"a1\"}");
        robot.put("/v1/agents/a2", "{\"name\":\"a2\"}");
        try (TestSocket socket = TestSocket.connected(server, server.token("watch", "ada", Role.VIEWER))) {
            assertThat(watch(socket, Map.of("agents", List.of("a1")))
                            .path("watching")
                            .asInt())
                    .isEqualTo(1);
            message(robot, "a2");
            message(robot, "a1");
            shop.post("/v1/events", events(data("1", topic("orders/1"))));
            assertThat(socket.event().at("/1/topic").asString()).isEqualTo("agents/a1");
            assertThat(socket.event().at("/1/topic").asString()).isEqualTo("orders/1");

            assertThat(watch(socket, Map.of("topics", List.of("orders/2", "agents/*")))
                            .path("watching")
                            .asInt())
                    .isEqualTo(2);
            message(robot, "a2");
            shop.post("/v1/events", events(data("1", topic("orders/1")), data("2", topic("orders/2"))));
            assertThat(socket.event().at("/1/topic").asString()).isEqualTo("agents/a2");
            assertThat(socket.event().at("/1/topic").asString()).isEqualTo("orders/2");

            watch(socket, Map.of("agents", List.of()));
            message(robot, "a1");
            shop.post("/v1/events", events(data("3", topic("orders/2")), data("4")));
            assertThat(socket.event().at("/1/data").asInt()).isEqualTo(3);
            assertThat(socket.event().at("/1/data").asInt()).isEqualTo(4);

            assertThat(watch(socket, Map.of("topics", "all")).path("all").asBoolean())
                    .isTrue();
            message(robot, "a1");
            assertThat(socket.event().at("/1/topic").asString()).isEqualTo("agents/a1");
        }
    }

    @Test
    void whoResumesGetsTheNewestOfEachKeyOverSocketsAndStreamsAndEveryEventOverGet() throws IOException {
        TestClient shop = publisher("keys");
        String token = server.token("keys", "ada", Role.VIEWER);
        TestClient ada = server.as(token);
        JsonNode begin = shop.post("/v1/events", events(data("0"))).json().at("/events/0/cursor");
        List<String> published = new ArrayList<>();
        for (int n = 1; n <= 300; n++) {
            published.add(data(String.valueOf(n), topic("orders/" + n % 2), "\"key\":\"k" + n % 3 + "\""));
        }
        published.add(data("301", topic("orders/1")));
        for (int from = 0; from < published.size(); from += 100) {
            int to = Math.min(published.size(), from + 100);
            shop.post("/v1/events", events(published.subList(from, to).toArray(String[]::new)));
        }

        List<Integer> expected = List.of(295, 296, 297, 298, 299, 300, 301);
        try (TestSocket socket = TestSocket.open(server)) {
            socket.connect(Map.of("token", token, "cursor", begin.asString()));
            assertThat(expected.stream().map(_ -> socket.event().at("/1/data").asInt()))
                    .isEqualTo(expected);
            shop.post("/v1/events", events(data("302", "\"key\":\"a\""), data("303", "\"key\":\"a\"")));
            assertThat(socket.event().at("/1/data").asInt()).isEqualTo(302);
            assertThat(socket.event().at("/1/data").asInt()).isEqualTo(303);
        }
        try (Stream stream = new Stream(ada, "/v1/events/stream?topic=orders/*&after=" + begin.asString())) {
            assertThat(stream.data(expected.size())).isEqualTo(expected);
        }
        List<Integer> all = new ArrayList<>();
        String after = begin.asString();
        for (int page = 0; page < 2; page++) {
            JsonNode answer = ada.get("/v1/events?limit=200&after=" + after).json();
            answer.path("data").forEach(event -> all.add(event.path("data").asInt()));
            after = answer.path("nextCursor").asString();
        }
        assertThat(all).isEqualTo(IntStream.rangeClosed(1, 303).boxed().toList());
    }

    @Test
    void volatileEventsReachSocketsAndStreamsAndNoHistory() throws IOException {
        TestClient shop = publisher("volatile");
        String bo = server.member("volatile", "bo", Role.VIEWER);
        TestClient ada = server.as(server.token("volatile", "ada", Role.VIEWER));
        try (TestSocket socket = TestSocket.connected(server, server.token("volatile", "ada", Role.VIEWER));
                Stream stream = new Stream(ada, "/v1/events/stream")) {
            stream.lineWith("id: ");
            TestClient.Answer answer = shop.post(
                    "/v1/events/volatile",
                    events(
                            data("1", "\"audience\":{\"member\":\"" + bo + "\"}"),
                            data("2", topic("orders/1")),
                            data("3")));
            assertThat(answer.status()).isEqualTo(202);

            JsonNode second = socket.event();
            assertThat(second).hasSize(2);
            assertThat(second.at("/1").propertyNames()).containsExactly("id", "type", "at", "actor", "topic", "data");
            assertThat(second.at("/1/data").asInt()).isEqualTo(2);
            assertThat(socket.event().at("/1/data").asInt()).isEqualTo(3);
            assertThat(stream.data(2)).containsExactly(2, 3);
        }
        assertThat(ada.get("/v1/events").json().path("data")).isEmpty();
    }

    @Test
    void aTokenThatIsLimitedToTopicsSeesThemAndItsOwnNotificationsEverywhere() throws IOException {
        TestClient shop = publisher("limited");
        String token = server.limitedToken("limited", "customer", Role.OPERATOR, "orders/42", "bills/*");
        TestClient customer = server.as(token);
        String begin = shop.post("/v1/events", events(data("0")))
                .json()
                .at("/events/0/cursor")
                .asString();
        try (TestSocket socket = TestSocket.connected(server, token);
                Stream stream = new Stream(customer, "/v1/events/stream?after=" + begin)) {
            String handle = "\"audience\":{\"member\":\"customer\"}";
            shop.post(
                    "/v1/events",
                    events(
                            data("1"),
                            data("2", topic("orders/42")),
                            data("3", topic("orders/43")),
                            data("4", topic("bills/7")),
                            data("5", topic("bills/7/lines")),
                            data("6", handle),
                            data("7", handle, topic("orders/43"))));
            server.as(server.key("limited", "robot"))
                    .post("/v1/approvals", "{\"title\":\"Refund?\",\"action\":{\"name\":\"refund\"}}");
            shop.post("/v1/events", events(data("8", topic("bills/8"))));

            List<JsonNode> live =
                    IntStream.range(0, 5).mapToObj(_ -> socket.event()).toList();
            assertThat(live.stream().map(event -> event.get(0).asString()))
                    .containsExactly("order:x", "order:x", "order:x", "notification:new", "order:x");
            assertThat(live.stream().map(event -> event.at("/1/data").asString("notification")))
                    .containsExactly("2", "4", "6", "notification", "8");
            assertThat(stream.lineWith("\"data\":8}")).contains("bills/8");
            assertThat(stream.text())
                    .doesNotContain("\"data\":1}", "\"data\":3}", "\"data\":5}", "\"data\":7}", "approval:created");
        }
        assertThat(types(customer.get("/v1/events").json()))
                .containsExactly("order:x", "order:x", "order:x", "notification:new", "order:x");
        assertThat(texts(customer, "/v1/events?topic=orders/43,bills/*")).containsExactly("4", "8");
        assertThat(customer.get("/v1/approvals").status()).isEqualTo(403);
        assertThat(customer.get("/v1/notifications").json().path("data")).hasSize(1);
    }

    private static JsonNode watch(TestSocket socket, Map<String, ?> argument) {
        return socket.emit("topics:watch", argument).join();
    }

    private static void message(TestClient robot, String agent) {
        assertThat(robot.post("/v1/agents/" + agent + "/messages", "{\"text\":\"hello\"}")
                        .status())
                .isEqualTo(201);
    }

    private static TestClient publisher(String slug) {
        return server.as(server.key(slug, "shop", Scope.EVENTS_PUBLISH));
    }

    private static String events(String... events) {
        return "{\"events\":[" + String.join(",", events) + "]}";
    }

    private static String event(String eventId, String data) {
        return data(data, "\"eventId\":\"" + eventId + "\"");
    }

    private static String topic(String topic) {
        return "\"topic\":\"" + topic + "\"";
    }

    private static String data(String data, String... fields) {
        return "{\"type\":\"order:x\",\"data\":" + data
                + List.of(fields).stream().map(field -> "," + field).collect(Collectors.joining()) + "}";
    }

    private static List<Integer> offsets(TestClient.Answer answer) {
        return answer.json()
                .path("events")
                .valueStream()
                .map(event -> event.path("offset").asInt())
                .toList();
    }

    private static List<String> types(JsonNode page) {
        return page.path("data")
                .valueStream()
                .map(event -> event.path("type").asString())
                .toList();
    }

    private static List<String> texts(TestClient client, String path) {
        return client.get(path)
                .json()
                .path("data")
                .valueStream()
                .map(event -> event.path("data").asString())
                .toList();
    }

    /** The lines of a stream of server-sent events. */
    private static final class Stream implements AutoCloseable {
        private final InputStream in;
        private final StringBuilder read = new StringBuilder();

        Stream(TestClient client, String path) throws IOException {
            try {
                in = client.http()
                        .send(client.request(path).build(), HttpResponse.BodyHandlers.ofInputStream())
                        .body();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }

        /** Everything so far. */
        String text() {
            return read.toString();
        }

        /** The next line that has this text. */
        String lineWith(String text) throws IOException {
            while (true) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                for (int at = in.read(); at != '\n'; at = in.read()) {
                    if (at < 0) {
                        throw new AssertionError("the stream ended after " + read);
                    }
                    line.write(at);
                }
                String next = line.toString(UTF_8);
                read.append(next).append('\n');
                if (next.contains(text)) {
                    return next;
                }
            }
        }

        /** The numbers that the next events have as their data. */
        List<Integer> data(int count) throws IOException {
            List<Integer> data = new ArrayList<>();
            while (data.size() < count) {
                String line = lineWith("data: {");
                data.add(Integer.valueOf(line.substring(line.indexOf("\"data\":") + 7, line.length() - 1)));
            }
            return data;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
