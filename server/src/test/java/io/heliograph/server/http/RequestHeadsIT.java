package io.heliograph.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.json.Json;
import io.heliograph.server.workspaces.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The heads of requests as clients, proxies and attackers write them, byte by byte. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class RequestHeadsIT {
    private static final String PAGE = "https://app.example.com";
    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

    @TempDir
    static Path folder;

    static TestServer server;
    static TestServer open;
    static String token;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                folder.resolve("named"),
                "heliograph.public-url=https://heliograph.example.com",
                "heliograph.allowed-hosts=Other.example",
                "heliograph.allowed-origins=" + PAGE);
        open = TestServer.start(folder.resolve("open"));
        token = server.token("acme", "owner", Role.OWNER);
    }

    @AfterAll
    static void stop() {
        open.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/approvals?agentId={x}",
                "/v1/approvals?agentId=a|b",
                "/v1/approvals?agentId=a^b",
                "/v1/approvals?agentId=a\"b",
                "/v1/approvals?agentId=<b>",
                "/v1/approvals?agentId=`",
                "/v1/approvals?agentId=\\",
                "/v1/approvals?agentId=%zz",
                "/v1/approvals?agentId=%",
                "/v1/approvals?agentId=\u00e9",
                "/v1/approvals/{x}",
                "/v1/approvals/%2",
                "/v1/approvals/a|b",
                "/{x}",
                "/v1/whoami#x",
                "/v1;x/whoami",
                "/v1/agents/bot;v=2",
                "*",
                "v1/whoami",
                "ftp://127.0.0.1/v1/whoami",
                "http:///v1/whoami"
            })
    void aTargetThatIsNoneIsAProblemWithTheUsualHeaders(String target) throws IOException {
        RawHttp.Response answer =
                answer(server, "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + PAGE + "\r\n\r\n");

        assertProblem(answer, 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: a\r\nHost: a\r\n",
                "Host: a b\r\n",
                "Host: http://a\r\n",
                "Host:\r\n",
                "Host: a:x\r\n",
                "Host: a:70000\r\n",
                "Host: a/b\r\n"
            })
    void aRequestNamesExactlyOneHost(String host) throws IOException {
        for (String path : List.of("/v1/whoami", "/health/live", "/", POLLING)) {
            RawHttp.Response answer = answer(open, "GET " + path + " HTTP/1.1\r\n" + host + "\r\n");

            assertThat(answer.status()).as(path).isEqualTo(400);
            assertThat(answer.body()).as(path).isNotEmpty();
        }
    }

    @Test
    void headsThatAreTooLongOrNoHttpAreProblemsThatPagesCanRead() throws IOException {
        String filler = "x".repeat(20_000);

        assertProblem(
                answer(server, "GET /v1/whoami?x=" + filler + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
                414,
                "uri_too_long");
        assertProblem(
                answer(
                        server,
                        "GET /v1/whoami HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + PAGE + "\r\nX: " + filler
                                + "\r\n\r\n"),
                431,
                "headers_too_large");
        assertProblem(answer(server, "GET /v1/whoami HTTP/9.x\r\nHost: 127.0.0.1\r\n\r\n"), 400, "invalid_request");
        assertProblem(
                answer(server, "GET /v1/whoami HTTP/1.1\r\nHost: 127.0.0.1\r\n: x\r\n\r\n"), 400, "invalid_request");
    }

    @Test
    void aBodyThatIsTooLargeIsAProblemThatPagesCanRead() throws IOException {
        RawHttp.Response answer = answer(
                server,
                "POST /v1/approvals HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + PAGE + "\r\nAuthorization: Bearer "
                        + token + "\r\nContent-Type: application/json\r\nContent-Length: 1100000\r\n\r\n"
                        + " ".repeat(1_100_000));

        assertProblem(answer, 413, "payload_too_large");
    }

    @Test
    void brokenChunksAreTheClientsFault() throws IOException {
        RawHttp.Response answer = answer(
                server,
                "POST /v1/approvals HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + PAGE + "\r\nAuthorization: Bearer "
                        + token
                        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n");

        assertProblem(answer, 400, "invalid_request");
    }

    @ParameterizedTest
    @CsvSource({
        "heliograph.example.com,      200",
        "HELIOGRAPH.example.com:443,  200",
        "heliograph.example.com.,     200",
        "other.example:8080,          200",
        "localhost,                   200",
        "a.localhost:1,               200",
        "127.0.0.1:8080,              200",
        "127.9.9.9,                   200",
        "[::1]:8080,                  200",
        "rebound.example,             421",
        "127.0.0.1.evil.example,      421",
        "192.0.2.1,                   421"
    })
    void whenThePublicUrlIsSetOtherHostsAreRefused(String host, int status) throws IOException {
        RawHttp.Response rest = answer(server, get("/v1/whoami", host, "Authorization: Bearer " + token));
        RawHttp.Response page = answer(server, get("/approvals", host));
        RawHttp.Response socket = answer(server, get(POLLING, host));

        assertThat(rest.status()).isEqualTo(status);
        assertThat(page.status() == 421).isEqualTo(status == 421);
        assertThat(socket.status()).isEqualTo(status);
        if (status == 421) {
            assertThat(json(rest).path("code").asString()).isEqualTo("host_not_allowed");
            assertThat(json(rest).path("detail").asString()).contains("heliograph.allowed-hosts");
        }
        for (String path : List.of("/health/live", "/health/ready", "/metrics", "/%68ealth/live")) {
            assertThat(answer(server, get(path, host)).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void withoutAPublicUrlEveryHostIsServed() throws IOException {
        assertThat(answer(open, get("/health/live", "anything.example")).status())
                .isEqualTo(200);
        assertThat(answer(open, get(POLLING, "anything.example")).status()).isEqualTo(200);
    }

    @Test
    void aTargetInAbsoluteFormIsServedAsItsPath() throws IOException {
        String bearer = "Authorization: Bearer " + token;

        assertThat(answer(server, get("http://heliograph.example.com/v1/whoami", "x", bearer))
                        .status())
                .isEqualTo(200);
        assertThat(answer(server, get("https://localhost" + POLLING, "x")).status())
                .isEqualTo(200);
        assertThat(answer(server, upgrade("http://localhost/socket.io/?EIO=4&transport=websocket"))
                        .status())
                .isEqualTo(101);
        assertThat(answer(server, get("http://rebound.example/v1/whoami", "localhost", bearer))
                        .status())
                .isEqualTo(421);
        assertThat(answer(server, get("http://rebound.example" + POLLING, "localhost"))
                        .status())
                .isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/whoami", "/%761/whoami", "/v%31/whoami", "/%76%31/whoami"})
    void anySpellingOfThePathIsJudgedAlike(String path) throws IOException {
        String bearer = "Authorization: Bearer " + token;

        assertThat(answer(server, get(path, "localhost", bearer, "Origin: https://evil.example"))
                        .status())
                .isEqualTo(403);
        assertThat(answer(server, get(path, "localhost")).status()).isEqualTo(401);
        assertThat(answer(server, get(path, "localhost", bearer)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com,          true",
        "HTTPS://APP.example.com:443,      true",
        "https://heliograph.example.com,   true",
        "http://localhost:80,              true",
        "https://app.example.com/,         false",
        "https://app.example.com:444,      false",
        "ftp://localhost,                  false",
        "null,                             false"
    })
    void restAndSocketsCompareOriginsAlike(String origin, boolean allowed) throws IOException {
        int rest = answer(server, get("/v1/whoami", "localhost", "Authorization: Bearer " + token, "Origin: " + origin))
                .status();
        int socket =
                answer(server, get(POLLING, "localhost", "Origin: " + origin)).status();

        assertThat(rest).isEqualTo(allowed ? 200 : 403);
        assertThat(socket).isEqualTo(allowed ? 200 : 403);
    }

    @Test
    void refusedOriginsAreCountedUnderTheSetting() throws IOException {
        double before = refusedOrigins();

        answer(server, get("/v1/whoami", "localhost", "Origin: https://evil.example"));
        answer(server, get(POLLING, "localhost", "Origin: https://evil.example"));

        assertThat(refusedOrigins() - before).isEqualTo(2);
    }

    @Test
    void everyAnswerHasADateThatPagesOfOtherOriginsCanRead() throws IOException {
        for (String path : List.of(
                "/v1/whoami", "/v1/nothing", "/", "/health/live", "/metrics", "/{", POLLING, "/socket.io/?x=%ZZ")) {
            RawHttp.Response answer = answer(server, get(path, "localhost"));
            Instant date = ZonedDateTime.parse(
                            answer.header("date").orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();

            assertThat(date).as(path).isBetween(Instant.now().minusSeconds(30), Instant.now());
        }
        assertThat(answer(server, get("/v1/whoami", "localhost", "Authorization: Bearer " + token, "Origin: " + PAGE))
                        .header("access-control-expose-headers")
                        .orElseThrow())
                .contains("Date");
    }

    @Test
    void pagesMaySendTraceHeaders() throws IOException {
        RawHttp.Response preflight = answer(
                server,
                "OPTIONS /v1/approvals HTTP/1.1\r\nHost: localhost\r\nOrigin: " + PAGE
                        + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: traceparent\r\n\r\n");

        assertThat(preflight.header("access-control-allow-headers").orElseThrow())
                .contains("traceparent", "tracestate", "baggage");
    }

    @Test
    void aClientOfHttp10GetsAStreamWithoutChunks() throws IOException {
        for (String keepAlive : List.of("", "Connection: keep-alive\r\n")) {
            try (RawHttp connection = RawHttp.connect(server.port())) {
                connection.send("GET /v1/events/stream HTTP/1.0\r\n" + keepAlive + "Authorization: Bearer " + token
                        + "\r\n\r\n");
                RawHttp.Response head = connection.response();
                String begin = new String(
                        connection.socket().getInputStream().readNBytes(6),
                        java.nio.charset.StandardCharsets.ISO_8859_1);

                assertThat(head.status()).isEqualTo(200);
                assertThat(head.header("transfer-encoding")).isEmpty();
                assertThat(head.header("connection"))
                        .hasValueSatisfying(value -> assertThat(value).isEqualToIgnoringCase("close"));
                assertThat(head.header("cache-control")).hasValue("no-store, no-transform");
                assertThat(begin).isEqualTo("retry:");
            }
        }
    }

    /** A stream's head came with its first event only, and a long poll's when the time was up. */
    @Test
    void headIsAnsweredAtOnce() throws IOException {
        String bearer = "Authorization: Bearer " + open.token("acme", "owner", Role.OWNER);
        String approval = open.as(open.key("acme", "asks"))
                .post("/v1/approvals", "{\"title\":\"T\",\"action\":{\"name\":\"a\",\"args\":{}}}")
                .json()
                .path("id")
                .asString();

        for (String path : List.of(
                "/v1/events/stream",
                "/v1/events?wait=25",
                "/v1/approvals/" + approval + "?wait=55",
                "/v1/whoami",
                "/openapi.json",
                "/health/live",
                "/metrics")) {
            try (RawHttp connection = RawHttp.connect(open.port())) {
                connection.send(
                        "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + bearer + "\r\n\r\n");
                String answer = connection.toEnd();

                assertThat(answer).as(path).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
                assertThat(answer.indexOf("\r\n\r\n")).as(path).isEqualTo(answer.length() - 4);
            }
        }
    }

    @Test
    void whatIsBehindACredentialIsKeptByNoCache() throws IOException {
        String bearer = "Authorization: Bearer " + token;

        for (String path : List.of("/v1/whoami", "/v1/members", "/v1/approvals", "/v1/events", "/v1/nothing")) {
            assertThat(answer(server, get(path, "localhost", bearer)).header("cache-control"))
                    .as(path)
                    .hasValue("no-store");
        }
    }

    /** The answer to what comes before the broken one is not lost, and nothing after it is served. */
    @Test
    void aBrokenRequestInAPipelineWaitsForItsTurn() throws IOException {
        try (RawHttp connection = RawHttp.connect(server.port())) {
            connection.send(get("/v1/whoami", "localhost", "Authorization: Bearer " + token)
                    + get("/{", "localhost")
                    + get("/health/live", "localhost"));

            assertThat(connection.response().status()).isEqualTo(200);
            assertThat(connection.response().status()).isEqualTo(400);
            assertThat(connection.toEnd()).isEmpty();
        }
    }

    private static double refusedOrigins() {
        return server.part(io.micrometer.core.instrument.MeterRegistry.class)
                .get("heliograph.http.origins.refused")
                .tag("setting", "heliograph.allowed-origins")
                .counter()
                .count();
    }

    private static void assertProblem(RawHttp.Response answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(json(answer).path("code").asString()).isEqualTo(code);
        assertThat(answer.header("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(answer.header("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.header("content-security-policy")).isPresent();
        assertThat(answer.header("cache-control")).hasValue("no-store");
        assertThat(answer.header("access-control-allow-origin"))
                .hasValueSatisfying(origin -> assertThat(origin).isIn(PAGE, "*"));
        assertThat(answer.header("access-control-expose-headers")).isPresent();
    }

    private static JsonNode json(RawHttp.Response answer) {
        return Json.mapper().readTree(answer.body());
    }

    private static String get(String target, String host, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private static String upgrade(String target) {
        return get(
                target,
                "localhost",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static RawHttp.Response answer(TestServer to, String request) throws IOException {
        try (RawHttp connection = RawHttp.connect(to.port())) {
            return connection.send(request).response();
        }
    }
}
