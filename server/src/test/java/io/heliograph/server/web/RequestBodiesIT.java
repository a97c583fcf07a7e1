package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.OpenApiDocument;
import io.heliograph.server.fixtures.OpenApiDocument.Field;
import io.heliograph.server.fixtures.OpenApiDocument.Operation;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.json.Json;
import io.heliograph.server.workspaces.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Sends each field of each body that docs/openapi.yaml describes each value that its schema does not take, and expects a
 * problem that names the field, and no effect; and the longest that it takes.
 */
class RequestBodiesIT {
    private static final JsonMapper JSON = Json.mapper();
    private static final OpenApiDocument API = OpenApiDocument.load();
    private static final String HERE = "@here@";
    private static final String EMOJI = "😀";

    private static TestServer server;
    private static TestClient owner;
    private static TestClient key;
    private static TestClient publisher;
    private static String approvalId;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = TestServer.start(folder);
        owner = server.as(server.token("acme", "ada", Role.OWNER));
        key = server.as(server.key("acme", "refunds"));
        publisher = server.as(server.key("acme", "publisher", Scope.EVENTS_PUBLISH));
        JsonNode approval = key.post("/v1/approvals", "{\"title\":\"t\",\"action\":{\"name\":\"n\"}}")
                .json();
        approvalId = approval.get("id").asString();
        key.put("/v1/agents/bot", "{}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Operation> operations() {
        return API.operations().stream().filter(operation -> operation.body().isPresent());
    }

    /** Bodies that are right, which together hold every field. */
    private static List<String> rightBodies(Operation operation) {
        return switch (operation.id()) {
            case "createApproval" -> List.of("""
                {"title":"t","action":{"name":"n","args":{"a":1},"preview":{"kind":"text","text":"x"}},"risk":"low",
                "description":"d","reasoning":"r","confidence":0.5,"tags":["a"],"allow":{"approve":true,"edit":false,
                "respond":false,"reject":true},"argsSchema":{"type":"object"},"rejectOptions":["no"],"expiresIn":600,
                "externalId":"e","agentId":"bot","metadata":{"m":1}}\
                """);
            case "decideApproval" ->
                List.of(
                        "{\"outcome\":\"approved\",\"digest\":\"d\",\"reason\":\"r\",\"args\":{}}",
                        "{\"outcome\":\"responded\",\"digest\":\"d\",\"response\":\"r\"}");
            case "decideApprovals" ->
                List.of(
                        "{\"decisions\":[{\"id\":\"apr_x\",\"outcome\":\"approved\",\"digest\":\"d\",\"reason\":\"r\"}]}");
            case "reportAgent" -> List.of("""
                {"name":"n","kind":"k","lease":{"seconds":60},"metadata":{},"status":"error","statusText":"s",
                "currentTask":"c","error":"e"}\
                """);
            case "writeAgentMessage" ->
                List.of("{\"id\":\"msg_x\",\"role\":\"agent\",\"kind\":\"text\",\"text\":\"t\",\"state\":\"final\"}");
            case "markNotifications" ->
                List.of(
                        "{\"ids\":[\"ntf_x\"],\"change\":\"read\"}",
                        "{\"all\":true,\"before\":\"2026-03-01T12:00:00.000Z\",\"change\":\"read\"}");
            case "changeNotificationPreferences" ->
                List.of(
                        "{\"inApp\":{\"approval.requested\":true,\"approval.expired\":false,\"agent.offline\":false,\"agent.error\":false},"
                                + "\"desktop\":{\"approval.requested\":true,\"approval.expired\":true,\"agent.offline\":true,\"agent.error\":true,\"minRisk\":\"low\"}}");
            case "saveView" -> List.of("{\"name\":\"n\",\"screen\":\"agents\",\"query\":\"?a=b\",\"shared\":true}");
            case "changeView" -> List.of("{\"name\":\"n\",\"query\":\"?a=b\",\"shared\":true}");
            default -> List.of();
        };
    }

    @ParameterizedTest
    @MethodSource("operations")
    void whatASchemaDoesNotTakeIsRefusedByTheNameOfItsFieldAndHasNoEffect(Operation operation) {
        String before = state();
        SoftAssertions all = new SoftAssertions();

        for (Field field : API.bodyFields(operation)) {
            JsonNode body = bodyWith(operation, field);
            for (Wrong wrong : wrongValues(field)) {
                TestClient.Answer answer = send(operation, with(body, field, wrong.json()));
                all.assertThat(answer.status() + " "
                                + answer.json().at("/errors/0/field").asString(""))
                        .as("%s %s = %s", operation, field.path(), start(wrong.json()))
                        .isEqualTo("400 " + field.path() + wrong.below());
            }
            if (isClosed(field.schema())) {
                JsonNode more =
                        ((ObjectNode) body.at(field.pointer())).deepCopy().put("nope", 1);
                TestClient.Answer answer = send(operation, JSON.writeValueAsString(field.set(body, more)));
                all.assertThat(answer.status() + " "
                                + answer.json().at("/errors/0/field").asString(""))
                        .as("%s with a field too many in %s", operation, field.path())
                        .isEqualTo("400 " + field.path() + ".nope");
            }
            if (field.required()) {
                TestClient.Answer answer = send(operation, JSON.writeValueAsString(field.remove(body)));
                all.assertThat(answer.status() + " "
                                + answer.json().at("/errors/0/field").asString(""))
                        .as("%s without %s", operation, field.path())
                        .isEqualTo("400 " + field.path());
            }
        }
        all.assertAll();
        assertThat(state()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void theLongestThatASchemaTakesIsTaken(Operation operation) {
        SoftAssertions all = new SoftAssertions();

        for (Field field : API.bodyFields(operation)) {
            for (String longest : longestValues(field)) {
                TestClient.Answer answer = send(operation, with(bodyWith(operation, field), field, longest));
                // A key and a member are named by an id: none has one as long as that, and its field is what is
                // refused.
                boolean refused = answer.status() == 400
                        && !Set.of("keyId", "events[0].audience.member").contains(field.path())
                        && answer.json().at("/errors/0/field").asString("").startsWith(field.path());
                all.assertThat(answer.status() < 500 && !refused)
                        .as("%s %s = %s: %s", operation, field.path(), start(longest), answer.body())
                        .isTrue();
            }
        }
        all.assertAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 255})
    void anIdempotencyKeyHasUpTo255Characters(int length) {
        String body = "{\"title\":\"t\",\"action\":{\"name\":\"n\"}}";
        String idempotencyKey = "k".repeat(length);

        TestClient.Answer first = key.post("/v1/approvals", body, "Idempotency-Key", idempotencyKey);
        TestClient.Answer again = key.post("/v1/approvals", body, "Idempotency-Key", idempotencyKey);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        assertThat(key.post("/v1/approvals", body, "Idempotency-Key", "k".repeat(256))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C080", "80", "E282", "EDA080", "EDA0BDEDB880", "FF"})
    void bytesThatAreNotUtf8AreRefusedByTheirField(String bytes) throws Exception {
        String body = "{\"title\":\"t\",\"action\":{\"name\":\"n\",\"args\":{\"a\":[\"x"
                + new String(HexFormat.of().parseHex(bytes), ISO_8859_1) + "\"]}}}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/approvals"))
                .header("Authorization", "Bearer " + server.key("acme", "raw"))
                .header("Content-Type", "application/json;charset=iso-8859-1")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(ISO_8859_1)))
                .build();

        HttpResponse<String> answer;
        try (HttpClient http = HttpClient.newHttpClient()) {
            answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        }

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).at("/errors/0/field").asString())
                .isEqualTo("action.args.a[0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "a%00b", "%C0%80", "%FF", "%ED%A0%80", "%E2%82"})
    void textInPathsAndQueriesKeepsTheSameRule(String bad) {
        for (Operation operation : API.operations()) {
            for (OpenApiDocument.Parameter parameter : operation.parameters("path")) {
                String path = operation
                        .path(Map.of("id", "x", "messageId", "y"))
                        .replace(parameter.name().equals("id") ? "/x" : "/y", "/" + bad);
                TestClient.Answer answer = call(operation, path, "{}");
                assertThat(answer.status() + " "
                                + answer.json().at("/errors/0/field").asString(""))
                        .as("%s %s", operation.method(), path)
                        .isEqualTo("400 " + parameter.name());
            }
            for (OpenApiDocument.Parameter parameter : operation.parameters("query")) {
                String path = operation.path(Map.of("id", "x", "messageId", "y")) + "?" + parameter.name() + "=" + bad;
                TestClient.Answer answer = call(operation, path, "{}");
                assertThat(answer.status() + " "
                                + answer.json().at("/errors/0/field").asString(""))
                        .as("%s %s", operation.method(), path)
                        .isEqualTo("400 " + parameter.name());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.1",
        "42.0",
        "1E5",
        "5e-324",
        "1.7976931348623157e308",
        "9007199254740992",
        "295147905179352830000",
        "-7"
    })
    void aNumberComesBackAsItWasGiven(String number) {
        String free = "{\"n\":" + number + "}";
        String body = "{\"title\":\"t\",\"action\":{\"name\":\"n\",\"args\":" + free
                + ",\"preview\":{\"kind\":\"text\",\"text\":\"x\",\"n\":" + number + "}},\"argsSchema\":{\"const\":"
                + free
                + "},\"metadata\":" + free + "}";
        String cursor = owner.get("/v1/overview").json().get("asOf").asString();

        JsonNode created = key.post("/v1/approvals", body).json();
        JsonNode read =
                owner.get("/v1/approvals/" + created.get("id").asString()).json();
        JsonNode event = owner.get("/v1/events?after=" + cursor).json().at("/data");

        for (String place : List.of("/action/args/n", "/action/preview/n", "/argsSchema/const/n", "/metadata/n")) {
            for (JsonNode approval : List.of(created, read)) {
                assertThat(approval.at(place).decimalValue()).as(place).isEqualByComparingTo(number);
            }
        }
        assertThat(event.findValues("metadata"))
                .anySatisfy(
                        metadata -> assertThat(metadata.get("n").decimalValue()).isEqualByComparingTo(number));
    }

    @Test
    void anEndlessNumberIsRefusedAtOnce() {
        TestClient.Answer answer = key.post(
                "/v1/approvals", "{\"title\":\"t\",\"action\":{\"name\":\"n\",\"args\":{\"n\":1e1000000000}}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("action.args.n");
    }

    // --- what is sent ----------------------------------------------------------------------------------------------

    /** A value that a field does not take; {@code below} is where in it the fault is. */
    private record Wrong(String json, String below) {}

    private static List<Wrong> wrongValues(Field field) {
        JsonNode schema = field.schema();
        Set<String> types = field.types();
        List<Wrong> wrong = new ArrayList<>();
        add(wrong, !types.contains("null"), "null");
        add(wrong, !types.contains("string"), "\"a\"", "\"\"", "\" \"", "\"true\"", "\"0\"", "\"10\"");
        add(wrong, !types.contains("boolean"), "true", "false");
        add(wrong, !types.contains("array"), "[]", "[[]]", "[null]", "[1]", "[\"a\"]");
        add(wrong, !types.contains("object"), "{}");
        add(wrong, !types.contains("number") && !types.contains("integer"), "0", "1", "-1", "1.5", "1772366400000");
        boolean whole = types.contains("integer") && !types.contains("number");
        add(wrong, whole, "10.9", "10.0", "1e2", "-0", "99999999999999999999", "2147483648000000", "1e400");
        add(wrong, types.contains("number"), "1e400", "9007199254740993", "-0.0");
        if (schema.has("minimum")) {
            add(wrong, true, String.valueOf(schema.get("minimum").asLong() - 1), "-2147483648");
        }
        if (schema.has("maximum")) {
            add(wrong, true, String.valueOf(schema.get("maximum").asLong() + 1), "2147483647");
        }
        if (types.contains("string")) {
            wrong.addAll(wrongTexts(schema));
        }
        if (types.contains("object")) {
            wrong.addAll(wrongObjects(schema));
        }
        if (schema.has("maxItems")) {
            String item = JSON.writeValueAsString(API.example(schema.get("items")));
            add(wrong, true, "[" + (item + ",").repeat(schema.get("maxItems").asInt()) + item + "]");
        }
        add(wrong, schema.path("minItems").asInt(0) > 0, "[]");
        if (schema.has("x-max-bytes")) {
            int bytes = schema.get("x-max-bytes").asInt();
            add(wrong, types.contains("string"), "\"" + "é".repeat(bytes / 2) + "x\"");
            add(wrong, types.contains("object"), "{\"a\":\"" + "é".repeat(bytes / 2) + "\"}");
        }
        return wrong;
    }

    private static List<Wrong> wrongTexts(JsonNode schema) {
        List<Wrong> wrong = new ArrayList<>();
        add(wrong, true, "\"a\\u0000b\"", "\"\\u0000\"", "\"a\\ud83d\"", "\"\\ude00\\ud83d\"");
        add(wrong, schema.path("minLength").asInt(0) > 0, "\"\"");
        String pattern = schema.path("pattern").asString("");
        add(wrong, pattern.equals("\\S"), "\" \"", "\"\\n\\t \"");
        add(wrong, pattern.startsWith("^\\S"), "\" a\"", "\"a \"", "\" \"");
        if (schema.has("maxLength")) {
            int length = schema.get("maxLength").asInt() + 1;
            add(wrong, true, "\"" + "a".repeat(length) + "\"", "\"" + EMOJI.repeat(length) + "\"");
        }
        schema.path("enum").valueStream().map(JsonNode::asString).forEach(value -> {
            add(wrong, true, "\" " + value + "\"", "\"" + value + " \"", "\"" + value + "s\"");
            add(wrong, true, "\"" + value.toUpperCase(Locale.ROOT) + "\"");
        });
        add(wrong, schema.has("enum"), "\"\"", "\" \"", "\"0\"", "\"1\"");
        add(
                wrong,
                schema.path("format").asString("").equals("date-time"),
                "\"\"",
                "\" \"",
                "\"1772366400000\"",
                "\"2026-03-01\"",
                "\"2026-03-01T12:00:00\"",
                "\"2026-03-01 12:00:00Z\"",
                "\"2026-02-30T12:00:00Z\"");
        return wrong;
    }

    private static List<Wrong> wrongObjects(JsonNode schema) {
        List<Wrong> wrong = new ArrayList<>();
        if (isClosed(schema)) {
            return wrong; // its fields are tried one by one
        }
        for (String number :
                List.of("1e400", "9007199254740993.0", "9007199254740993", "1e-400", "-0.0", "1e999999999")) {
            wrong.add(new Wrong("{\"k\":[0,{\"n\":" + number + "}]}", ".k[1].n"));
        }
        for (String text : List.of("a\\u0000", "\\ud83d", "\\ude00")) {
            wrong.add(new Wrong("{\"k\":[0,{\"t\":\"" + text + "\"}]}", ".k[1].t"));
            String shown = text.startsWith("a") ? "a\uFFFD" : "\uFFFD";
            wrong.add(new Wrong("{\"k\":[{\"" + text + "\":1}]}", ".k[0]." + shown));
        }
        wrong.add(new Wrong("{\"a\":{\"b\":1,\"b\":1}}", ".a.b"));
        return wrong;
    }

    /** Whether an object has the fields of its schema and no others. */
    private static boolean isClosed(JsonNode schema) {
        return schema.has("additionalProperties")
                && !schema.get("additionalProperties").asBoolean(true);
    }

    private static void add(List<Wrong> wrong, boolean applies, String... values) {
        if (applies) {
            Stream.of(values).map(value -> new Wrong(value, "")).forEach(wrong::add);
        }
    }

    private static List<String> longestValues(Field field) {
        JsonNode schema = field.schema();
        List<String> longest = new ArrayList<>();
        if (schema.has("maxLength") && !schema.has("enum")) {
            int length = schema.get("maxLength").asInt();
            longest.add("\"" + "a".repeat(length) + "\"");
            if (!schema.path("pattern").asString("").contains("A-Z")) {
                longest.add("\"" + EMOJI.repeat(length) + "\"");
            }
        }
        if (schema.has("x-max-bytes") && field.types().contains("string")) {
            longest.add("\"" + "é".repeat(schema.get("x-max-bytes").asInt() / 2 - 1) + "\"");
        }
        for (String bound : List.of("minimum", "maximum")) {
            if (schema.has(bound)) {
                longest.add(schema.get(bound).asString());
            }
        }
        schema.path("enum").valueStream().map(JSON::writeValueAsString).forEach(longest::add);
        return longest;
    }

    // --- how it is sent --------------------------------------------------------------------------------------------

    private static JsonNode bodyWith(Operation operation, Field field) {
        return rightBodies(operation).stream()
                .<JsonNode>map(JSON::readTree)
                .filter(body -> !body.at(field.pointer()).isMissingNode())
                .findFirst()
                .orElseGet(() -> field.set(API.exampleBody(operation).orElseThrow(), API.example(field.schema())));
    }

    private static String with(JsonNode body, Field field, String json) {
        return JSON.writeValueAsString(field.set(body, StringNode.valueOf(HERE)))
                .replace("\"" + HERE + "\"", json);
    }

    private static TestClient.Answer send(Operation operation, String body) {
        return call(operation, operation.path(Map.of("id", id(operation), "messageId", "msg_x")), body);
    }

    private static String id(Operation operation) {
        if (operation.pathTemplate().startsWith("/v1/event-types")) {
            return "order:described";
        }
        return operation.pathTemplate().startsWith("/v1/agents") ? "bot" : approvalId;
    }

    private static TestClient.Answer call(Operation operation, String path, String body) {
        boolean agents = operation.pathTemplate().startsWith("/v1/agents")
                || Set.of("createApproval", "extendApproval").contains(operation.id());
        boolean membersOnly = operation
                .extension("x-heliograph-access")
                .path("keys")
                .asString("")
                .equals("none");
        boolean keysOnly = operation
                .extension("x-heliograph-access")
                .path("members")
                .asString("")
                .equals("none");
        TestClient caller = keysOnly ? publisher : agents && !membersOnly ? key : owner;
        return switch (operation.method()) {
            case "POST" -> caller.post(path, body);
            case "PUT" -> caller.put(path, body);
            case "PATCH" -> caller.patch(path, body);
            case "DELETE" -> caller.delete(path);
            default -> caller.get(path);
        };
    }

    /** Changes with every effect: all of them make an event or an entry of the audit trail. */
    private static String state() {
        return owner.get("/v1/overview").json().get("asOf").asString()
                + owner.get("/v1/audit?limit=1").json().get("data");
    }

    private static String start(String json) {
        return json.length() > 80 ? json.substring(0, 80) + "… (" + json.length() + ")" : json;
    }
}
