package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.ApiRequests;
import io.heliograph.server.fixtures.ApiRequests.Caller;
import io.heliograph.server.fixtures.OpenApiDocument;
import io.heliograph.server.fixtures.OpenApiDocument.Operation;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Who may do what: each operation of {@code docs/openapi.yaml}, made by each role, by a key of each scope, and with
 * credentials that do not hold, on what is the caller's own, another's, and another workspace's. What is expected is the
 * operation's {@code x-heliograph-access}; an operation without one fails.
 */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class AccessMatrixIT {
    private static final String ACCESS = "x-heliograph-access";
    private static final String MARKER = "Zanzibar";
    private static final OpenApiDocument API = OpenApiDocument.load();
    private static final Set<String> NOT_OF_THE_API =
            Set.of("GET /health/live", "GET /health/ready", "GET /metrics", "GET /openapi.json");
    private static final Set<String> ID_FIELDS = Set.of("agentId", "decisions[0].id", "ids[0]", "keyId");

    @TempDir
    static Path folder;

    static TestServer server;
    static ApiRequests here;
    static ApiRequests there;
    static TestClient stranger;
    static List<Caller> callers;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
        here = new ApiRequests(API, server, "here", "ours");
        there = new ApiRequests(API, server, "there", MARKER);
        stranger = there.member(Role.OWNER).client();
        callers = Stream.concat(
                        Arrays.stream(Role.values()).map(here::member),
                        Arrays.stream(Scope.values()).map(here::key))
                .toList();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Operation> operations() {
        return API.operations();
    }

    /** Those that take a bearer. */
    static List<Operation> withBearer() {
        return API.operations().stream()
                .filter(operation -> !operation.extension(ACCESS).has("credential"))
                .toList();
    }

    @Test
    void everyRouteIsDescribed() {
        Set<String> mapped = server.part(RequestMappingHandlerMapping.class).getHandlerMethods().keySet().stream()
                .flatMap(route -> route.getPatternsCondition().getPatterns().stream()
                        .flatMap(pattern -> route.getMethodsCondition().getMethods().stream()
                                .map(method -> method.name() + " " + pattern.getPatternString())))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described =
                API.operations().stream().map(Operation::toString).collect(Collectors.toCollection(TreeSet::new));
        described.addAll(NOT_OF_THE_API);

        assertThat(mapped).isEqualTo(described);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationHasARule(Operation operation) {
        JsonNode access = operation.extension(ACCESS);

        if (access.has("credential")) {
            assertThat(access.path("credential").asString()).isIn("code", "session");
        } else {
            String members = access.path("members").asString("");
            assertThat(members.equals("none") || Role.parse(members).isPresent())
                    .isTrue();
            assertThat(access.path("keys").isArray()
                            || Set.of("any", "none")
                                    .contains(access.path("keys").asString("")))
                    .isTrue();
            assertThat(access.path("keys").valueStream().map(scope -> Scope.parse(scope.asString())))
                    .allMatch(Optional::isPresent);
        }
    }

    @ParameterizedTest
    @MethodSource("withBearer")
    void callersGetExactlyWhatTheRuleSays(Operation operation) {
        for (Caller caller : callers) {
            Result result = call(caller, here.request(operation, caller));

            if (mayCall(operation, caller)) {
                assertThat(result.status() / 100)
                        .as("%s by %s: %s", operation, caller, result)
                        .isEqualTo(2);
            } else {
                assertForbidden(operation, caller, result);
            }
            assertThat(result.body()).doesNotContain(MARKER);
        }
    }

    @ParameterizedTest
    @MethodSource("withBearer")
    void aTokenThatIsLimitedToTopicsReadsEventsAndItsOwnNotificationsOnly(Operation operation) {
        Caller owner = here.member(Role.OWNER);
        TestClient limited = server.as(server.limitedToken("here", "owner@here", Role.OWNER, "orders/*"));

        Result result = call(limited, here.request(operation, owner));

        if (operation.extension(ACCESS).path("topics").asBoolean(false)) {
            assertThat(result.status() / 100).as("%s: %s", operation, result).isEqualTo(2);
        } else {
            assertForbidden(operation, owner, result);
            assertThat(result.body()).contains("limited to topics");
        }
    }

    @ParameterizedTest
    @MethodSource("withBearer")
    void whatAnotherMadeIsAsTheRuleSays(Operation operation) {
        String own = operation.extension(ACCESS).path("own").asString("");
        for (Caller caller : callers) {
            boolean key = caller.role().isEmpty();
            if (own.equals("agent") && key && mayCall(operation, caller)) {
                Result result = call(caller, here.request(operation, caller, here.worker()));
                assertThat(result.status())
                        .as("%s by %s: %s", operation, caller, result)
                        .isEqualTo(403);
                assertThat(result.body()).contains("\"agent_of_another_key\"");
            }
            if (own.equals("member") && !key) {
                TestClient again = here.member(caller.role().orElseThrow()).client();
                assertMay(operation, caller, again, ApiRequests.credentialId(again));
            }
            if (own.equals("session") && !key) {
                TestClient again = here.signedIn(caller.role().orElseThrow());
                assertMay(operation, caller, again, ApiRequests.sessionId(again));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withBearer")
    void anotherWorkspacesIdsLeadNowhere(Operation operation) {
        if (!operation.pathTemplate().contains("{")) {
            return;
        }
        String elsewhere = operation.extension(ACCESS).path("elsewhere").asString("not_found");
        Map<Caller, ApiRequests.Request> requests = new LinkedHashMap<>();
        callers.forEach(caller -> requests.put(caller, there.request(operation, there.member(Role.OWNER))));
        String before = state(stranger);

        requests.forEach((caller, request) -> {
            Result result = call(caller, request);

            if (!mayCall(operation, caller)) {
                assertForbidden(operation, caller, result);
            } else if (elsewhere.equals("not_found")) {
                assertThat(result.status())
                        .as("%s by %s: %s", operation, caller, result)
                        .isEqualTo(404);
                assertThat(result.body()).contains("\"not_found\"");
            } else {
                assertThat(elsewhere).isIn("made", "ignored");
                assertThat(result.status() / 100)
                        .as("%s by %s: %s", operation, caller, result)
                        .isEqualTo(2);
            }
            assertThat(result.body()).doesNotContain(MARKER);
        });

        assertThat(state(stranger)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("withBearer")
    void anotherWorkspacesIdsInABodyLeadNowhere(Operation operation) {
        for (OpenApiDocument.Field field : API.bodyFields(operation)) {
            if (ID_FIELDS.contains(field.path())) {
                Caller caller = here.member(Role.OWNER);
                ApiRequests.Request right = here.request(operation, caller);
                String collection = field.path().equals("agentId")
                        ? "agents"
                        : field.path().equals("keyId") ? "api-keys" : "approvals";
                JsonNode id = field.path().equals("ids[0]")
                        ? stranger.get("/v1/notifications?state=all").json().at("/data/0/id")
                        : there.target(collection, there.member(Role.OWNER)).path("id");
                JsonNode body = field.set(right.body().orElseThrow(), StringNode.valueOf(id.asString()));
                if (field.path().equals("ids[0]")) {
                    ((ObjectNode) body).remove("all");
                }
                String before = state(stranger);

                Result result = call(
                        caller, new ApiRequests.Request(operation, right.path(), Optional.of(body), right.headers()));

                assertThat(result.status())
                        .as("%s: %s", operation, result)
                        .isIn(field.path().equals("keyId") ? List.of(400) : List.of(200, 404));
                assertThat(result.body()).doesNotContain(MARKER);
                assertThat(state(stranger)).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withBearer")
    void credentialsThatDoNotHoldAreRefused(Operation operation) {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("", "token_missing");
        codes.put("nonsense", "token_malformed");
        codes.put("hk_nonsense", "token_malformed");
        codes.put(server.token("here", "late", Role.OWNER, Duration.ofSeconds(-5)), "token_expired");
        codes.put(revokedToken(), "token_invalid");
        codes.put(revokedKey(), "token_invalid");
        codes.put(removedMember(), "token_invalid");
        codes.put(altered(server.token("here", "owner@here", Role.OWNER)), "token_invalid");
        ApiRequests.Request request = here.request(operation, here.member(Role.OWNER));

        codes.forEach((credential, code) -> {
            TestClient client = credential.isEmpty() ? server.anonymous() : server.as(credential);
            Result result = call(client, request);

            assertThat(result.status()).as("%s: %s", operation, result).isEqualTo(401);
            assertThat(result.body()).contains("\"" + code + "\"");
        });
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operationsWithoutABearerTakeTheirOwnCredentialFromTheServersOwnPagesOnly(Operation operation) {
        JsonNode access = operation.extension(ACCESS);
        if (!access.has("credential")) {
            return;
        }
        ApiRequests.Request right = here.request(operation, here.member(Role.OWNER));
        ApiRequests.Request without = new ApiRequests.Request(
                operation,
                right.path(),
                right.body().map(body -> API.exampleBody(operation).orElseThrow()),
                List.of());

        Result foreign = call(server.anonymous(), right, "Origin", "https://evil.example");
        Result missing = call(server.anonymous(), without);
        Result good = call(server.anonymous(), right);

        assertThat(foreign.status()).as("%s: %s", operation, foreign).isEqualTo(403);
        assertThat(foreign.body()).contains("origin_not_allowed");
        if (access.path("without").asString("").equals("ignored")) {
            assertThat(missing.status() / 100).as("%s: %s", operation, missing).isEqualTo(2);
        } else {
            assertThat(missing.status()).as("%s: %s", operation, missing).isEqualTo(401);
        }
        assertThat(good.status() / 100).as("%s: %s", operation, good).isEqualTo(2);
    }

    private static boolean mayCall(Operation operation, Caller caller) {
        JsonNode access = operation.extension(ACCESS);
        if (access.path("members").asString("").equals("none") && caller.role().isPresent()) {
            return false;
        }
        if (caller.role().isPresent()) {
            // From most to least, as the enum is.
            return caller.role()
                            .get()
                            .compareTo(Role.parse(access.path("members").asString())
                                    .orElseThrow())
                    <= 0;
        }
        JsonNode keys = access.path("keys");
        return keys.asString("").equals("any")
                || keys.valueStream()
                        .anyMatch(scope -> caller.scopes()
                                .contains(Scope.parse(scope.asString()).orElseThrow()));
    }

    private static void assertMay(Operation operation, Caller caller, TestClient client, String id) {
        Result result = call(
                client,
                new ApiRequests.Request(operation, operation.path(Map.of("id", id)), Optional.empty(), List.of()));
        assertThat(result.status() / 100)
                .as("%s by %s: %s", operation, caller, result)
                .isEqualTo(2);
    }

    private static void assertForbidden(Operation operation, Caller caller, Result result) {
        assertThat(result.status())
                .as("%s by %s: %s", operation, caller, result)
                .isEqualTo(403);
        assertThat(result.body()).contains("\"forbidden\"").doesNotContain(MARKER);
    }

    /** All that a workspace's owner can read of it. */
    private static String state(TestClient owner) {
        return Stream.of(
                        "/v1/overview",
                        "/v1/approvals?limit=200",
                        "/v1/agents?limit=200",
                        "/v1/members",
                        "/v1/api-keys",
                        "/v1/notifications?state=all",
                        "/v1/audit")
                .map(path -> owner.get(path).body())
                .collect(Collectors.joining("\n"));
    }

    private static String revokedToken() {
        String token = server.token("here", "owner@here", Role.OWNER);
        TestClient client = server.as(token);
        client.delete("/v1/tokens/" + ApiRequests.credentialId(client));
        return token;
    }

    private static String revokedKey() {
        String key = server.key("here", "short-lived");
        here.member(Role.OWNER).client().delete("/v1/api-keys/" + ApiRequests.credentialId(server.as(key)));
        return key;
    }

    private static String removedMember() {
        String id = server.member("here", "leaver", Role.ADMIN);
        String token = server.token("here", "leaver", Role.ADMIN);
        here.member(Role.OWNER).client().delete("/v1/members/" + id);
        return token;
    }

    /** With another signature. */
    private static String altered(String token) {
        int signature = token.lastIndexOf('.') + 1;
        char other = token.charAt(signature) == 'A' ? 'B' : 'A';
        return token.substring(0, signature) + other + token.substring(signature + 1);
    }

    private record Result(int status, String body) {}

    private static Result call(Caller caller, ApiRequests.Request request) {
        return call(caller.client(), request);
    }

    private static Result call(TestClient client, ApiRequests.Request request, String... headers) {
        List<String> all = new ArrayList<>(request.headers());
        all.addAll(List.of(headers));
        if (request.body().isPresent()) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        boolean endless = request.operation()
                .response(200)
                .map(described -> described.content().containsKey("text/event-stream"))
                .orElse(false);
        if (endless) {
            return head(client, request);
        }
        TestClient.Answer answer = client.call(
                request.operation().method(),
                request.path(),
                request.body().isPresent()
                        ? HttpRequest.BodyPublishers.ofString(
                                request.body().get().toString())
                        : HttpRequest.BodyPublishers.noBody(),
                all.toArray(String[]::new));
        return new Result(answer.status(), answer.body());
    }

    /** Of an answer that may have no end, no more than what a refusal has. */
    private static Result head(TestClient client, ApiRequests.Request request) {
        try {
            HttpResponse<InputStream> response = client.http()
                    .send(client.request(request.path()).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Result(
                        response.statusCode(),
                        response.statusCode() == 200 ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
