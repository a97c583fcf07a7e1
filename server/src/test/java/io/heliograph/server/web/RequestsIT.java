package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What every request meets: problems for whatever is wrong with it, idempotency keys, origins. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class RequestsIT {
    private static final String MARK_READ = "{\"all\":true,\"change\":\"read\"}";
    private static final String MARK_SEEN = "{\"all\":true,\"change\":\"seen\"}";
    private static final Executor THREADS = Thread::startVirtualThread;

    @TempDir
    static Path folder;

    static TestServer server;
    static TestClient owner;
    static String token;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                folder, "heliograph.max-body=16KB", "heliograph.allowed-origins=https://app.example.com");
        token = server.token("acme", "owner", Role.OWNER);
        owner = server.as(token);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anUnknownPathSaysWhereTheApiIsDescribed() {
        TestClient.Answer answer = owner.get("/v1/nothing");

        assertProblem(answer, 404, "not_found");
        assertThat(answer.json().path("detail").asString()).contains("/v1/nothing");
        assertProblem(owner.get("/health/nothing"), 404, "not_found");
    }

    @Test
    void aWrongMethodSaysWhichAreRight() {
        TestClient.Answer answer = owner.put("/v1/members", "{}");

        assertProblem(answer, 405, "method_not_allowed");
        assertThat(answer.header("allow")).hasValue("GET, POST");
    }

    @Test
    void anUnknownFieldIsNamedWithThoseThatThereAre() {
        TestClient.Answer answer = owner.post("/v1/members", "{\"handle\":\"x\",\"role\":\"viewer\",\"nmae\":\"X\"}");

        assertProblem(answer, 400, "invalid_request");
        assertThat(answer.json().path("detail").asString()).contains("nmae", "handle, name, role");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("nmae");
    }

    @Test
    void aFieldThatIsMissingOrWrongIsNamedWithWhatItMustBe() {
        assertField(owner.post("/v1/members", "{\"role\":\"viewer\"}"), "handle", "required");
        assertField(owner.post("/v1/members", "{\"handle\":\"\",\"role\":\"viewer\"}"), "handle", "1 to 200");
        assertField(owner.post("/v1/members", "{\"handle\":\"x\"}"), "role", "required");
        assertField(
                owner.post("/v1/members", "{\"handle\":\"x\",\"role\":\"king\"}"),
                "role",
                "owner, admin, operator, viewer");
        assertField(owner.post("/v1/api-keys", "{\"name\":\"x\",\"expiresIn\":5}"), "expiresIn", "60");
        assertField(owner.post("/v1/api-keys", "{\"name\":\"x\",\"expiresIn\":\"soon\"}"), "expiresIn", "whole number");
        assertField(
                owner.post("/v1/api-keys", "{\"name\":\"x\",\"scopes\":[\"fly\"]}"), "scopes[0]", "approvals:create");
    }

    @Test
    void malformedJsonSaysWhereItBreaksOff() {
        TestClient.Answer answer = owner.post("/v1/members", "{\"handle\":\n \"x\", }");

        assertProblem(answer, 400, "invalid_request");
        assertThat(answer.json().path("detail").asString()).contains("line 2");
        assertProblem(owner.post("/v1/members", ""), 400, "invalid_request");
        assertProblem(owner.post("/v1/members", "[]"), 400, "invalid_request");
        assertProblem(owner.post("/v1/members", "{} {}"), 400, "invalid_request");
        assertThat(owner.post("/v1/members", "{\"handle\":\"x\",\"handle\":\"y\",\"role\":\"viewer\"}")
                        .json()
                        .path("detail")
                        .asString())
                .contains("twice");
    }

    @Test
    void aBodyThatIsNotJsonIsRefused() {
        assertProblem(
                owner.call(
                        "POST",
                        "/v1/members",
                        HttpRequest.BodyPublishers.ofString("handle=x"),
                        "Content-Type",
                        "application/x-www-form-urlencoded"),
                415,
                "unsupported_media_type");
        assertProblem(owner.get("/v1/members", "Accept", "image/png"), 406, "not_acceptable");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        String large = "{\"handle\":\"" + "x".repeat(20_000) + "\",\"role\":\"viewer\"}";

        assertProblem(owner.post("/v1/members", large), 413, "payload_too_large");
        assertProblem(owner.post("/v1/members", large, "Idempotency-Key", "large"), 413, "payload_too_large");
    }

    @Test
    void aRepeatedRequestGetsTheFirstAnswer() {
        String key = UUID.randomUUID().toString();
        Map<String, String> body = Map.of("handle", "twice", "role", "viewer");

        TestClient.Answer first = owner.post("/v1/members", body, "Idempotency-Key", key);
        TestClient.Answer second = owner.post("/v1/members", body, "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("idempotency-replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("location")).isEqualTo(first.header("location"));
        assertThat(second.header("idempotency-replayed")).hasValue("true");
    }

    @Test
    void theSameKeyWithAnotherRequestIsRefused() {
        String key = UUID.randomUUID().toString();
        owner.post("/v1/members", Map.of("handle", "one", "role", "viewer"), "Idempotency-Key", key);

        TestClient.Answer other =
                owner.post("/v1/members", Map.of("handle", "two", "role", "viewer"), "Idempotency-Key", key);
        TestClient.Answer otherPath = owner.post("/v1/api-keys", Map.of("name", "two"), "Idempotency-Key", key);

        assertProblem(other, 409, "idempotency_key_reused");
        assertProblem(otherPath, 409, "idempotency_key_reused");
        assertThat(owner.get("/v1/members").body()).doesNotContain("\"two\"");
    }

    @Test
    void aRefusedRequestIsJudgedAfresh() {
        String key = UUID.randomUUID().toString();
        Map<String, String> body = Map.of("handle", "leaver", "role", "viewer");
        String id = owner.post("/v1/members", body).json().path("id").asString();
        TestClient.Answer refused = owner.post("/v1/members", body, "Idempotency-Key", key);

        owner.delete("/v1/members/" + id);
        TestClient.Answer accepted = owner.post("/v1/members", body, "Idempotency-Key", key);

        assertProblem(refused, 409, "conflict");
        assertThat(accepted.status()).isEqualTo(201);
    }

    @Test
    void keysOfOtherCallersAndWorkspacesAreOthers() {
        String key = UUID.randomUUID().toString();
        TestClient admin = server.as(server.token("acme", "admin", Role.ADMIN));
        TestClient elsewhere = server.as(server.token("elsewhere", "owner", Role.OWNER));

        TestClient.Answer mine = owner.post("/v1/api-keys", Map.of("name", "a"), "Idempotency-Key", key);
        TestClient.Answer theirs = admin.post("/v1/api-keys", Map.of("name", "b"), "Idempotency-Key", key);
        TestClient.Answer foreign = elsewhere.post("/v1/api-keys", Map.of("name", "c"), "Idempotency-Key", key);

        assertThat(mine.status()).isEqualTo(201);
        assertThat(theirs.status()).isEqualTo(201);
        assertThat(foreign.status()).isEqualTo(201);
    }

    @Test
    void requestsThatRaceWithOneKeyHaveOneEffect() {
        String key = UUID.randomUUID().toString();
        Map<String, String> body = Map.of("handle", "racer", "role", "viewer");

        var running = IntStream.range(0, 8)
                .mapToObj(_ -> CompletableFuture.supplyAsync(
                        () -> owner.post("/v1/members", body, "Idempotency-Key", key), THREADS))
                .toList();
        var answers = running.stream().map(CompletableFuture::join).toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
        assertThat(answers.stream().map(TestClient.Answer::body).distinct()).hasSize(1);
    }

    @Test
    void aMalformedKeyIsRefusedWithEveryMethod() throws IOException {
        List<String> malformed = List.of(
                "Idempotency-Key:",
                "Idempotency-Key:   ",
                "Idempotency-Key: a b",
                "Idempotency-Key: k\u00e9y",
                "Idempotency-Key: " + "x".repeat(256),
                "Idempotency-Key: a\r\nIdempotency-Key: b",
                "Idempotency-Key: a\r\nidempotency-key: a",
                "Idempotency-Key: a\r\nIdempotency-Key:");

        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
            for (String header : malformed) {
                String answer = raw(method + " /v1/members HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                        + "\r\nAuthorization: Bearer " + token + "\r\n" + header
                        + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

                assertThat(answer)
                        .as("%s with %s", method, header)
                        .startsWith("HTTP/1.1 400 ")
                        .contains("invalid_request", "Idempotency-Key must be");
            }
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void everyPostRepeatsItsFirstAnswer() {
        String key = UUID.randomUUID().toString();

        TestClient.Answer first = owner.post("/v1/notifications/mark", MARK_READ, "Idempotency-Key", key);
        TestClient.Answer second = owner.post("/v1/notifications/mark", MARK_READ, "Idempotency-Key", key);
        TestClient.Answer other = owner.post("/v1/notifications/mark", MARK_SEEN, "Idempotency-Key", key);

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(first.header("idempotency-replayed")).isEmpty();
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("content-type")).isEqualTo(first.header("content-type"));
        assertThat(second.header("idempotency-replayed")).hasValue("true");
        assertProblem(other, 409, "idempotency_key_reused");
    }

    @Test
    void whatWasRefusedThereIsJudgedAfresh() {
        String key = UUID.randomUUID().toString();

        assertProblem(owner.post("/v1/approvals/apr_x/cancel", "{}", "Idempotency-Key", key), 404, "not_found");
        assertThat(owner.post("/v1/approvals/apr_x/cancel", "{}", "Idempotency-Key", key)
                        .header("idempotency-replayed"))
                .isEmpty();
    }

    @Test
    void aSecretIsShownOnceAndARepetitionMakesNoSecondOne() {
        String member = server.member("acme", "linked", Role.VIEWER);
        String path = "/v1/members/" + member + "/sign-in-link";

        TestClient.Answer first = owner.post(path, "{}", "Idempotency-Key", "link");
        TestClient.Answer second = owner.post(path, "{}", "Idempotency-Key", "link");
        TestClient.Answer key = owner.post("/v1/api-keys", Map.of("name", "once"), "Idempotency-Key", "key");
        TestClient.Answer sameKey = owner.post("/v1/api-keys", Map.of("name", "once"), "Idempotency-Key", "key");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.body()).contains("code=");
        assertProblem(second, 409, "conflict");
        assertThat(second.json().path("detail").asString()).contains("new key");
        assertThat(second.header("idempotency-replayed")).hasValue("true");
        assertThat(key.json().path("secret").asString()).startsWith("hk_");
        assertThat(sameKey.status()).isEqualTo(201);
        assertThat(sameKey.json().path("key")).isEqualTo(key.json().path("key"));
        assertThat(sameKey.json().has("secret")).isFalse();
        assertThat(owner.get("/v1/api-keys").body()).containsOnlyOnce("\"once\"");
    }

    @Test
    void pagesOfAllowedOriginsMayCallAndOthersMayNot() {
        TestClient.Answer allowed = owner.get("/v1/members", "Origin", "https://app.example.com");
        TestClient.Answer own = owner.get("/v1/members", "Origin", server.url());
        TestClient.Answer refused = owner.get("/v1/members", "Origin", "https://evil.example");
        TestClient.Answer preflight = server.anonymous()
                .call(
                        "OPTIONS",
                        "/v1/approvals",
                        HttpRequest.BodyPublishers.noBody(),
                        "Origin",
                        "https://app.example.com",
                        "Access-Control-Request-Method",
                        "POST");

        assertThat(allowed.header("access-control-allow-origin")).hasValue("https://app.example.com");
        assertThat(allowed.header("access-control-allow-credentials")).isEmpty();
        assertThat(allowed.header("vary").orElse("")).contains("Origin");
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.header("access-control-allow-origin")).isEmpty();
        assertProblem(refused, 403, "origin_not_allowed");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("access-control-allow-headers").orElse("")).contains("Idempotency-Key");
        assertThat(preflight.header("access-control-allow-methods").orElse("")).contains("PATCH");
    }

    private static void assertProblem(TestClient.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("content-type")).hasValue("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asString()).isNotBlank();
    }

    private static void assertField(TestClient.Answer answer, String field, String expected) {
        assertProblem(answer, 400, "invalid_request");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(answer.json().path("detail").asString()).startsWith(field).contains(expected);
    }
}
