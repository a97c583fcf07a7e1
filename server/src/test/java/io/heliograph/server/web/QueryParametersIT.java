package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.OpenApiDocument;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Query strings, of every operation of the description: what is not exactly right is refused by name. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class QueryParametersIT {
    private static final OpenApiDocument API = OpenApiDocument.load();
    private static final List<String> NO_NUMBERS = List.of(
            "0x10", "+5", "%2B5", "%235", "%205", "5%20", "1e1", "05", "5.0", "-1", "%D9%A5", "x", "99999999999");
    private static final List<String> NO_CHOICES = List.of("x", ",", "%20", "%00", "0");

    @TempDir
    static Path folder;

    static TestServer server;
    static TestClient owner;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
        owner = server.as(server.token("acme", "owner", Role.OWNER));
        for (int number = 0; number < 4; number++) {
            owner.put("/v1/agents/bot" + number, "{}");
            owner.post("/v1/agents/bot0/messages", "{\"text\":\"" + number + "\"}");
            owner.post(
                    "/v1/approvals",
                    "{\"agentId\":\"bot0\",\"title\":\"t\",\"action\":{\"name\":\"n\"}}",
                    "Idempotency-Key",
                    "approval-" + number);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void unknownNamesAreRefusedByEveryOperation() {
        assertThat(API.operations()).allSatisfy(operation -> {
            assertRefused(operation, "nothing=1", "nothing");
            assertRefused(operation, "nothing", "nothing");
        });
    }

    @Test
    void whatThereIsIsNamed() {
        assertThat(detail("/v1/approvals?state=pending"))
                .contains("state", "status, risk, agentId, action, tag, by, from, to, q, sort, facets, limit, cursor");
        assertThat(detail("/v1/approvals?risk=urgent")).contains("risk", "low, medium, high, critical");
        assertThat(detail("/v1/notifications?state=new"))
                .contains("state", "unseen, unread, read, inbox, archived, all");
        assertThat(detail("/v1/approvals?limit=201")).contains("limit", "from 1 to 200");
        assertThat(detail("/v1/overview?x=1")).contains("x", "takes none");
    }

    @Test
    void blanksRepetitionsAndOtherSpellingsOfAKnownNameAreRefused() {
        assertThat(withParameters()).allSatisfy(operation -> {
            for (OpenApiDocument.Parameter parameter : operation.parameters("query")) {
                String name = parameter.name();
                assertRefused(operation, name + "=", name);
                assertRefused(operation, name, name);
                assertRefused(operation, name + "=%20", name);
                assertRefused(operation, name + "=%20&" + name + "=1", name);
                assertRefused(operation, name + "=" + example(parameter) + "&" + name + "=", name);
                assertRefused(operation, name + "=" + example(parameter) + "&" + name + "=" + example(parameter), name);
                assertRefused(operation, name + "[]=1", name + "[]");
                assertRefused(operation, name + "%5B0%5D=1", name + "[0]");
                assertRefused(operation, "%20" + name + "=1", " " + name);
                String other = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
                assertRefused(operation, other + "=1", other);
            }
        });
    }

    @Test
    void valuesOfAnotherFormAreRefused() {
        assertThat(withParameters()).allSatisfy(operation -> {
            for (OpenApiDocument.Parameter parameter : operation.parameters("query")) {
                for (String value : wrongValues(parameter.schema())) {
                    assertRefused(operation, parameter.name() + "=" + value, parameter.name());
                }
            }
        });
    }

    @Test
    void healthAndMetricsIgnoreTheirQuery() {
        assertThat(List.of("/health/live", "/health/ready", "/metrics", "/openapi.json"))
                .allSatisfy(
                        path -> assertThat(server.anonymous().get(path + "?_=1").status())
                                .isEqualTo(200));
    }

    @Test
    void aCursorIsOfOneListWithOneFilter() {
        String approvals = next("/v1/approvals?limit=2");
        String pending = next("/v1/approvals?status=pending,approved&limit=2");

        assertThat(owner.get("/v1/approvals?limit=1&cursor=" + approvals).status())
                .isEqualTo(200);
        assertThat(owner.get("/v1/approvals?status=approved,pending&cursor=" + pending)
                        .status())
                .isEqualTo(200);
        assertThat(List.of(
                        "/v1/approvals?status=pending&cursor=" + approvals,
                        "/v1/approvals?risk=low&cursor=" + approvals,
                        "/v1/approvals?agentId=bot0&cursor=" + approvals,
                        "/v1/approvals?cursor=" + pending,
                        "/v1/agents?cursor=" + approvals,
                        "/v1/audit?cursor=" + approvals,
                        "/v1/notifications?cursor=" + approvals,
                        "/v1/agents/bot0/messages?cursor=" + approvals,
                        "/v1/agents/bot1/messages?cursor=" + next("/v1/agents/bot0/messages?limit=2"),
                        "/v1/notifications?state=all&cursor=" + next("/v1/notifications?limit=2")))
                .allSatisfy(QueryParametersIT::assertCursorInvalid);
        assertThat(server.as(server.token("other", "owner", Role.OWNER))
                        .get("/v1/approvals?cursor=" + approvals)
                        .code())
                .isEqualTo("cursor_invalid");
    }

    @Test
    void aCursorThatWasCutOrAlteredIsRefused() {
        for (String list : List.of(
                "/v1/approvals",
                "/v1/agents",
                "/v1/audit",
                "/v1/notifications",
                "/v1/agents/bot0/messages",
                "/v1/approvals/" + anApproval() + "/timeline")) {
            String cursor = next(list + "?limit=1");
            for (int end = 1; end < cursor.length(); end++) {
                assertCursorInvalid(list + "?cursor=" + cursor.substring(0, end));
            }
            for (int index = 0; index < cursor.length(); index++) {
                char other = cursor.charAt(index) == 'A' ? 'B' : 'A';
                assertCursorInvalid(
                        list + "?cursor=" + cursor.substring(0, index) + other + cursor.substring(index + 1));
            }
            assertCursorInvalid(list + "?cursor=" + cursor + "A");
            assertCursorInvalid(list + "?cursor=" + cursor + "%3D");
        }
    }

    @Test
    void aCursorOfTheLogThatWasCutIsRefused() {
        String cursor =
                owner.get("/v1/events?limit=3").json().path("nextCursor").asString();

        assertThat(owner.get("/v1/events?after=" + cursor).status()).isEqualTo(200);
        for (int end = 1; end < cursor.length(); end++) {
            assertCursorInvalid("/v1/events?after=" + cursor.substring(0, end));
            assertCursorInvalid("/v1/events/stream?after=" + cursor.substring(0, end));
        }
        assertThat(owner.get("/v1/events/stream?after=x", "Last-Event-ID", cursor)
                        .code())
                .isEqualTo("cursor_invalid");
    }

    @Test
    void aTimelineHasPages() {
        String path = "/v1/approvals/" + anApproval() + "/timeline";
        owner.post("/v1/approvals/" + anApproval() + "/extend", "{\"expiresIn\":7200}");
        List<JsonNode> whole = entries(path);
        List<JsonNode> paged = new ArrayList<>();

        String cursor = "";
        do {
            JsonNode page = owner.get(path + "?limit=1" + cursor).json();
            page.path("data").forEach(paged::add);
            cursor = "&cursor=" + page.path("nextCursor").asString("");
        } while (!cursor.equals("&cursor="));

        assertThat(whole).hasSizeGreaterThan(1);
        assertThat(paged).isEqualTo(whole);
    }

    private static List<JsonNode> entries(String path) {
        return owner.get(path).json().path("data").valueStream().toList();
    }

    /** The oldest, whatever the other tests have done. */
    private static String anApproval() {
        return owner.get("/v1/approvals")
                .json()
                .path("data")
                .valueStream()
                .toList()
                .getLast()
                .path("id")
                .asString();
    }

    private static List<OpenApiDocument.Operation> withParameters() {
        List<OpenApiDocument.Operation> operations = API.operations().stream()
                .filter(operation -> !operation.parameters("query").isEmpty())
                .toList();
        assertThat(operations).hasSizeGreaterThan(7);
        return operations;
    }

    private static List<String> wrongValues(JsonNode schema) {
        if (schema.path("type").asString("").equals("integer")) {
            return Stream.concat(
                            NO_NUMBERS.stream(),
                            Stream.of(
                                    String.valueOf(schema.path("minimum").asInt() - 1),
                                    String.valueOf(schema.path("maximum").asInt() + 1)))
                    .toList();
        }
        JsonNode choice = API.resolve(schema.has("items") ? schema.path("items") : schema);
        if (!choice.has("enum")) {
            return List.of();
        }
        String first = choice.path("enum").get(0).asString();
        return Stream.concat(
                        NO_CHOICES.stream(),
                        Stream.of(
                                first.toUpperCase(Locale.ROOT),
                                first + ",",
                                "," + first,
                                first + ",x",
                                first + ",,",
                                first + "%20",
                                "%20" + first,
                                first + ";x"))
                .toList();
    }

    private static String example(OpenApiDocument.Parameter parameter) {
        JsonNode example = API.example(parameter.schema());
        return example.isArray() ? example.get(0).asString() : example.asString();
    }

    private static void assertRefused(OpenApiDocument.Operation operation, String query, String name) {
        TestClient.Answer answer = owner.call(
                operation.method(),
                operation.path(Map.of("id", "x", "messageId", "x")) + "?" + query,
                HttpRequest.BodyPublishers.noBody());

        assertThat(answer.status()).as("%s?%s", operation, query).isEqualTo(400);
        assertThat(answer.code()).as("%s?%s", operation, query).isEqualTo("invalid_request");
        assertThat(answer.json().at("/errors/0/field").asString(""))
                .as("%s?%s: %s", operation, query, answer.body())
                .isEqualTo(name);
    }

    private static void assertCursorInvalid(String path) {
        TestClient.Answer answer = owner.get(path);

        assertThat(answer.status()).as(path).isEqualTo(400);
        assertThat(answer.code()).as(path).isEqualTo("cursor_invalid");
    }

    private static String next(String path) {
        return owner.get(path).json().path("nextCursor").asString();
    }

    private static String detail(String path) {
        TestClient.Answer answer = owner.get(path);

        assertThat(answer.status()).as(path).isEqualTo(400);
        return answer.json().path("detail").asString();
    }
}
