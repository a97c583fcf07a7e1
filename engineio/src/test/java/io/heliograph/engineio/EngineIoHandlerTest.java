package io.heliograph.engineio;

import static io.heliograph.engineio.Connection.get;
import static io.heliograph.engineio.Connection.post;
import static io.heliograph.engineio.Connection.request;
import static io.heliograph.engineio.Connection.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpServerCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler in a pipeline, request by request. */
class EngineIoHandlerTest {

    private static final String POLLING = "/engine.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";

    private final Recorder recorder = new Recorder();
    private final List<Connection> connections = new ArrayList<>();
    private EngineIoServer server = EngineIoServer.builder(recorder).build();

    @AfterEach
    void closeConnections() {
        connections.forEach(Connection::close);

        assertThat(server.sessionCount()).as("sessions that were left behind").isZero();
    }

    @Test
    void otherRequestsPassUntouched() {
        assertThat(connect().send(get("/rest?x=1")).body()).isEqualTo("other /rest?x=1");
        assertThat(connect().send(post("/rest", "body")).body()).isEqualTo("other /rest");
    }

    @ParameterizedTest
    @CsvSource({
        "/engine.io?EIO=4&transport=polling,       true",
        "/engine.io/?EIO=4&transport=polling,      true",
        "/engine.io/below?EIO=4&transport=polling, true",
        "/engine.iox?EIO=4&transport=polling,      false",
        "/engine?EIO=4&transport=polling,          false",
    })
    void withoutATrailingSlashThePathIsServedWithAndWithoutIt(String target, boolean served) {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder().addTrailingSlash(false).build())
                .build();

        String answer = connect().send(get(target)).text();

        assertThat(server.path()).isEqualTo("/engine.io");
        assertThat(answer.contains("\"sid\"")).isEqualTo(served);
        closeAll();
    }

    @Test
    void withATrailingSlashThePathWithoutItIsSomeoneElses() {
        assertThat(connect().send(get("/engine.io?EIO=4&transport=polling")).body())
                .startsWith("other ");
    }

    @ParameterizedTest
    @CsvSource({"/live, true, /live/", "/live/, true, /live/", "/live/, false, /live", "/live, false, /live"})
    void aPathIsGivenWithOrWithoutItsSlash(String path, boolean slash, String expected) {
        assertThat(EngineIoSettings.builder()
                        .path(path)
                        .addTrailingSlash(slash)
                        .build()
                        .path())
                .isEqualTo(expected);
    }

    @Test
    void oursAndOthersTakeTurnsOnOneConnection() {
        Connection connection = connect();
        for (int i = 0; i < 3; i++) {
            assertThat(connection.send(get("/rest")).body()).isEqualTo("other /rest");
            assertThat(connection.send(get(POLLING)).body()).startsWith("0{\"sid\":");
        }
        closeAll();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        Connection connection = connect();

        String answers = connection
                .send(get("/first") + get(POLLING) + get("/second") + get("/engine.io/?EIO=4&transport=x"))
                .text();

        assertThat(answers).containsSubsequence("other /first", "0{\"sid\":", "other /second", "Transport unknown");
        closeAll();
    }

    @Test
    void oursWaitsForAnotherRequestThatIsUnderWay() {
        Connection connection = add(new Connection(server, false));
        connection.send(get("/slow") + get(POLLING));
        assertThat(connection.text()).isEmpty();

        connection.otherAnswers();

        assertThat(connection.text()).containsSubsequence("other /slow", "0{\"sid\":");
        closeAll();
    }

    @Test
    void anotherRequestWaitsForOurPoll() {
        Connection connection = connect();
        String sid = connection.handshake();
        connection.send(get(POLLING + "&sid=" + sid) + get("/rest"));
        assertThat(connection.text()).isEmpty();

        recorder.session().send(Message.text("news"));

        assertThat(connection.text()).containsSubsequence("4news", "other /rest");
        closeAll();
    }

    @Test
    void aFloodOfPipelinedRequestsPausesReading() {
        Connection connection = connect();
        String sid = connection.handshake();
        connection.send(get(POLLING + "&sid=" + sid));

        connection.send(get("/rest").repeat(100));

        assertThat(connection.channel().config().isAutoRead()).isFalse();
        recorder.session().send(Message.text("news"));
        assertThat(connection.text()).contains("4news").contains("other /rest");
        assertThat(connection.channel().config().isAutoRead()).isTrue();
        closeAll();
    }

    @Test
    void whereReadingIsManualWeAskForEachRead() {
        Connection connection = connect();
        connection.channel().config().setAutoRead(false);
        String sid = connection.handshake();
        int before = connection.reads();

        connection.send(get(POLLING + "&sid=" + sid));
        assertThat(connection.reads())
                .as("a poll that waits must notice its end")
                .isGreaterThan(before);
        before = connection.reads();
        recorder.session().send(Message.text("x"));
        connection.text();
        assertThat(connection.reads()).as("the next request").isGreaterThan(before);
        before = connection.reads();
        connection.send(get("/rest"));
        assertThat(connection.reads()).as("the others ask for themselves").isEqualTo(before);
        closeAll();
    }

    @Test
    void aRequestMayArriveByteByByte() {
        Connection connection = connect();
        for (char c : get(POLLING).toCharArray()) {
            connection.send(String.valueOf(c));
        }
        String sid = connection.body().substring(9, 29);
        for (char c : post(POLLING + "&sid=" + sid, "4hello").toCharArray()) {
            connection.send(String.valueOf(c));
        }

        assertThat(connection.body()).isEqualTo("ok");
        assertThat(recorder.events).containsExactly("open", "text hello");
        closeAll();
    }

    @Test
    void aChunkedBodyIsJoined() {
        Connection connection = connect();
        String sid = connection.handshake();

        connection.send("POST " + POLLING + "&sid=" + sid
                + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n4he\r\n3\r\nllo\r\n0\r\n\r\n");

        assertThat(connection.body()).isEqualTo("ok");
        assertThat(recorder.events).endsWith("text hello");
        closeAll();
    }

    @Test
    void aBodyOverTheLimitIsRefusedByItsAnnouncedLength() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder().maxPayload(10).build())
                .build();
        Connection connection = connect();
        String sid = connection.handshake();

        String answer =
                connection.send(post(POLLING + "&sid=" + sid, "4".repeat(11))).text();

        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .contains("connection: close", "content-length: 0")
                .endsWith("\r\n\r\n");
        assertThat(connection.open()).isFalse();
        assertThat(recorder.events).containsExactly("open");
        closeAll();
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhenItsChunksPassIt() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder().maxPayload(10).build())
                .build();
        Connection connection = connect();
        String sid = connection.handshake();
        connection.send("POST " + POLLING + "&sid=" + sid
                + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n4hello\r\n");
        assertThat(connection.text()).isEmpty();

        connection.send("6\r\n world\r\n");

        assertThat(connection.text()).startsWith("HTTP/1.1 413 ");
        assertThat(connection.open()).isFalse();
        assertThat(connect().send(post(POLLING + "&sid=" + sid, "4ok")).body())
                .as("the session may post again")
                .isEqualTo("ok");
        closeAll();
    }

    @Test
    void aClientThatWaitsForContinueIsToldSo() {
        Connection connection = connect();
        String sid = connection.handshake();
        String request = post(POLLING + "&sid=" + sid, "4hello", "Expect: 100-continue");
        int head = request.indexOf("\r\n\r\n") + 4;

        connection.send(request.substring(0, head));
        assertThat(connection.text()).startsWith("HTTP/1.1 100 Continue");
        connection.send(request.substring(head));

        assertThat(connection.body()).isEqualTo("ok");
        closeAll();
    }

    @Test
    void malformedRequestsAreRefused() {
        assertThat(connect()
                        .send("GET /engine.io/ HTTP/1.1\r\nbad header\r\n\r\n")
                        .text())
                .satisfiesAnyOf(
                        text -> assertThat(text).startsWith("HTTP/1.1 400 "),
                        text -> assertThat(text).contains("other"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,     /engine.io/?EIO=4,                              400, 0, Transport unknown",
        "GET,     /engine.io/?EIO=4&transport=flash,              400, 0, Transport unknown",
        "GET,     /engine.io/?EIO=4&transport=polling&sid=x,      400, 1, Session ID unknown",
        "POST,    /engine.io/?EIO=4&transport=polling&sid=x,      400, 1, Session ID unknown",
        "GET,     /engine.io/?EIO=4&transport=websocket&sid=x,    400, 1, Session ID unknown",
        "POST,    /engine.io/?EIO=4&transport=polling,            400, 2, Bad handshake method",
        "DELETE,  /engine.io/?EIO=4&transport=polling,            400, 2, Bad handshake method",
        "GET,     /engine.io/?EIO=4&transport=websocket,          400, 3, Bad request",
        "GET,     /engine.io/?EIO=3&transport=polling,            400, 5, Unsupported protocol version",
        "GET,     /engine.io/?transport=polling,                  400, 5, Unsupported protocol version"
    })
    void refusalsCarryTheProtocolsCodeAndMessage(String method, String path, int status, int code, String message) {
        String answer = connect().send(request(method, path, "")).text();

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("content-type: application/json")
                .endsWith("{\"code\":" + code + ",\"message\":\"" + message + "\"}");
    }

    @Test
    void aRefusedRequestLeavesTheConnectionUsable() {
        Connection connection = connect();
        connection.send(get("/engine.io/?EIO=4&transport=polling&sid=x")).text();

        assertThat(connection.send(get(POLLING)).body()).startsWith("0{");
        closeAll();
    }

    @Test
    void anOldClientWithoutKeepAliveIsClosedAfterItsAnswer() {
        Connection connection = connect();

        assertThat(connection.send("GET " + POLLING + " HTTP/1.0\r\n\r\n").body())
                .startsWith("0{");

        assertThat(connection.open()).isFalse();
        closeAll();
    }

    @Test
    void aNodesIdIsInTheCookieAndBeforeEachSessionId() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .sessionIdPrefix("node1.")
                        .cookie(new StickyCookie(
                                "node", "/", true, true, StickyCookie.SameSite.NONE, Optional.of("node1")))
                        .build())
                .build();

        String answer = connect().send(get(POLLING)).text();

        assertThat(answer)
                .contains("0{\"sid\":\"node1.")
                .contains("set-cookie: node=node1; Path=/; HttpOnly; Secure; SameSite=None\r\n");
        closeAll();
    }

    @Test
    void anUnknownSessionIsAnsweredAsNodeDoesWithAHintBesideIt() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .unknownSessionHint("read the manual")
                        .build())
                .build();

        String unknown = connect().send(get(POLLING + "&sid=x")).text();
        String other = connect().send(get("/engine.io/?EIO=4&transport=flash")).text();

        assertThat(unknown)
                .contains("400 Bad Request", "engine-io-hint: read the manual\r\n")
                .endsWith("{\"code\":1,\"message\":\"Session ID unknown\"}");
        assertThat(other).doesNotContain("engine-io-hint");
    }

    @Test
    void theStickyCookieGoesOutWithTheHandshakeOnly() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .cookie(StickyCookie.standard())
                        .build())
                .build();
        Connection connection = connect();
        String answer = connection.send(get(POLLING)).text();
        String sid = recorder.session().id();

        assertThat(answer).contains("set-cookie: io=" + sid + "; Path=/; HttpOnly; SameSite=Lax\r\n");
        assertThat(connection.send(post(POLLING + "&sid=" + sid, "4x")).text()).doesNotContain("set-cookie");
        assertThat(connect().send(upgrade(WEBSOCKET)).text()).contains("set-cookie: io=");
        closeAll();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org,        true",
        "http://example.org:80,     true",
        "https://example.org:443,   true",
        "https://example.org:80,    false",
        "ftp://example.org,         false",
        "http://example.org/,       false",
        "https://APP.example.com:443, true",
        "https://app.example.com/,  false",
        "https://example.org,       true",
        "https://EXAMPLE.org,       true",
        "https://app.example.com,   true",
        "https://evil.example.com,  false",
        "http://example.org:81,     false",
        "null,                      false",
        "':::',                     false"
    })
    void originsAreHeldAgainstTheList(String origin, boolean allowed) {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .origins(OriginPolicy.allow(Set.of("https://app.example.com")))
                        .build())
                .build();

        String polling = connect().send(get(POLLING, "Origin: " + origin)).text();
        String webSocket = connect()
                .send(upgrade(WEBSOCKET).replace("Host:", "Origin: " + origin + "\r\nHost:"))
                .text();

        if (allowed) {
            assertThat(polling)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("access-control-allow-origin: " + origin)
                    .contains("access-control-allow-credentials: true")
                    .contains("vary: origin");
            assertThat(webSocket).startsWith("HTTP/1.1 101 ");
        } else {
            assertThat(polling)
                    .startsWith("HTTP/1.1 403 ")
                    .doesNotContain("access-control")
                    .contains("origins");
            assertThat(webSocket).startsWith("HTTP/1.1 403 ");
        }
        closeAll();
    }

    @Test
    void aPreflightOfAnAllowedOriginIsAnswered() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .origins(OriginPolicy.allow(Set.of("https://app.example.com")))
                        .build())
                .build();
        String preflight = request(
                "OPTIONS",
                POLLING,
                "",
                "Origin: https://app.example.com",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: x-custom");

        assertThat(connect().send(preflight).text())
                .startsWith("HTTP/1.1 204 ")
                .contains("access-control-allow-origin: https://app.example.com")
                .contains("access-control-allow-methods: GET,POST")
                .contains("access-control-allow-headers: x-custom");
        assertThat(connect().send(preflight.replace("app.", "evil.")).text()).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void anyOriginIsAllowedWithoutCredentials() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .origins(OriginPolicy.allowAny())
                        .build())
                .build();

        assertThat(connect().send(get(POLLING, "Origin: https://x.example")).text())
                .contains("access-control-allow-origin: *")
                .doesNotContain("credentials");
        closeAll();
    }

    @Test
    void hostsAreHeldAgainstTheList() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .allowedHosts(Set.of("example.org"))
                        .build())
                .build();

        assertThat(connect()
                        .send(get(POLLING).replace("example.org", "EXAMPLE.org:8080"))
                        .text())
                .startsWith("HTTP/1.1 200 ");
        assertThat(connect()
                        .send(get(POLLING).replace("example.org", "rebound.example"))
                        .text())
                .startsWith("HTTP/1.1 421 ")
                .contains("allowedHosts");
        assertThat(connect()
                        .send(get(POLLING).replace("example.org", "127.0.0.1:8080"))
                        .text())
                .startsWith("HTTP/1.1 200 ");
        closeAll();
    }

    @Test
    void aTargetInAbsoluteFormIsServedAsItsPath() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder()
                        .allowedHosts(Set.of("example.org"))
                        .build())
                .build();

        assertThat(connect().send(get("http://example.org" + POLLING)).text()).startsWith("HTTP/1.1 200 ");
        assertThat(connect()
                        .send(upgrade(WEBSOCKET).replace("GET /", "GET HTTPS://Example.org:443/"))
                        .text())
                .startsWith("HTTP/1.1 101 ");
        // The target's authority counts, not the Host beside it.
        assertThat(connect().send(get("http://rebound.example" + POLLING)).text())
                .startsWith("HTTP/1.1 421 ");
        closeAll();
    }

    /** Decoding failed in the constructor of the exchange, and the connection closed without an answer. */
    @ParameterizedTest
    @CsvSource({
        "GET,     /engine.io/?EIO=4&transport=polling&x=%ZZ",
        "GET,     /engine.io/?EIO=4&transport=polling&x=%",
        "GET,     /engine.io/%2?EIO=4&transport=polling",
        "POST,    /engine.io/?EIO=4&transport=polling&sid=%Q1",
        "OPTIONS, /engine.io/?EIO=4&transport=polling&x=%ZZ",
        "HEAD,    /engine.io/?EIO=4&transport=polling&x=%ZZ"
    })
    void whatIsNotWellEncodedIsRefused(String method, String target) {
        server = EngineIoServer.builder(recorder).build();

        assertThat(connect().send(request(method, target, "")).text()).startsWith("HTTP/1.1 400 ");
        assertThat(connect()
                        .send(upgrade(WEBSOCKET).replace("transport=websocket", "transport=websocket&x=%ZZ"))
                        .text())
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Host: a\r\nHost: a\r\n", "Host: a b\r\n", "Host: http://a\r\n", "Host:\r\n", "Host: a:x\r\n"
            })
    void aRequestNamesExactlyOneHost(String host) {
        server = EngineIoServer.builder(recorder).build();

        assertThat(connect()
                        .send(get(POLLING).replace("Host: example.org\r\n", host))
                        .text())
                .startsWith("HTTP/1.1 400 ");
        assertThat(connect()
                        .send(upgrade(WEBSOCKET).replace("Host: example.org\r\n", host))
                        .text())
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void everyAnswerHasADate() {
        server = EngineIoServer.builder(recorder)
                .clock(Clock.fixed(Instant.parse("2026-03-01T12:00:00.999Z"), ZoneOffset.UTC))
                .build();
        String date = "date: Sun, 01 Mar 2026 12:00:00 GMT";

        assertThat(connect().send(get(POLLING)).text()).contains(date);
        assertThat(connect().send(get("/engine.io/?transport=none")).text()).contains(date);
        assertThat(connect().send(upgrade(WEBSOCKET)).text()).contains(date);
        closeAll();
    }

    @Test
    void theGateDecidesAndSaysWhy() {
        server = EngineIoServer.builder(recorder)
                .gate(handshake -> CompletableFuture.completedFuture(
                        handshake.header("X-Key").isPresent()
                                ? new HandshakeGate.Allowed()
                                : new HandshakeGate.Refused("no \"key\"")))
                .build();

        assertThat(connect().send(get(POLLING)).text())
                .startsWith("HTTP/1.1 403 ")
                .endsWith("{\"code\":4,\"message\":\"no \\\"key\\\"\"}");
        assertThat(connect().send(upgrade(WEBSOCKET)).text()).startsWith("HTTP/1.1 403 ");
        assertThat(connect().send(get(POLLING, "X-Key: 1")).text()).startsWith("HTTP/1.1 200 ");
        closeAll();
    }

    @Test
    void aGateThatFailsRefuses() {
        server = EngineIoServer.builder(recorder)
                .gate(handshake -> CompletableFuture.failedFuture(new IllegalStateException("database is down")))
                .build();

        assertThat(connect().send(get(POLLING)).text())
                .startsWith("HTTP/1.1 403 ")
                .endsWith("{\"code\":4,\"message\":\"Forbidden\"}");
    }

    @Test
    void aGateThatDecidesTooLateOpensNothing() {
        CompletableFuture<HandshakeGate.Verdict> verdict = new CompletableFuture<>();
        server = EngineIoServer.builder(recorder).gate(handshake -> verdict).build();
        Connection connection = connect();
        connection.send(get(POLLING));
        connection.close();

        verdict.complete(new HandshakeGate.Allowed());
        connection.channel().runPendingTasks();

        assertThat(recorder.events).isEmpty();
    }

    @Test
    void aHandshakeIsAdmittedBeforeTheGateIsAsked() {
        CompletableFuture<HandshakeGate.Verdict> turn = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        server = EngineIoServer.builder(recorder)
                .admission(() -> turn)
                .gate(handshake -> {
                    asked.incrementAndGet();
                    return CompletableFuture.completedFuture(new HandshakeGate.Allowed());
                })
                .build();
        Connection connection = connect();
        connection.send(get(POLLING));
        assertThat(asked).hasValue(0);

        turn.complete(new HandshakeGate.Allowed());
        connection.channel().runPendingTasks();

        assertThat(asked).hasValue(1);
        assertThat(connection.text()).contains("0{\"sid\":");
        closeAll();
    }

    @Test
    void aHandshakeThatIsNotAdmittedIsToldWhenToComeAgain() {
        server = EngineIoServer.builder(recorder)
                .admission(() -> CompletableFuture.completedFuture(
                        new HandshakeGate.Busy("many are waiting", Duration.ofMillis(1500))))
                .build();

        assertThat(connect().send(get(POLLING)).text())
                .startsWith("HTTP/1.1 503 ")
                .contains("retry-after: 2")
                .contains("many are waiting");
        assertThat(connect().send(upgrade(WEBSOCKET)).text()).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void everyHandshakeOfAConnectionIsAdmittedByItself() {
        AtomicInteger admitted = new AtomicInteger();
        server = EngineIoServer.builder(recorder)
                .admission(() -> {
                    admitted.incrementAndGet();
                    return CompletableFuture.completedFuture(new HandshakeGate.Allowed());
                })
                .build();
        Connection connection = connect();

        String sid = connection.handshake();
        connection.send(post(POLLING + "&sid=" + sid, "4hello")).text();
        assertThat(admitted).hasValue(1);
        connection.handshake();

        assertThat(admitted).hasValue(2);
        closeAll();
    }

    @Test
    void aConnectionThatWaitsToBeAdmittedIsNotIdle() {
        CompletableFuture<HandshakeGate.Verdict> turn = new CompletableFuture<>();
        server = EngineIoServer.builder(recorder).admission(() -> turn).build();
        Connection connection = add(Connection.alone(server));

        connection.send(get(POLLING));
        connection.live(server.settings().requestTimeout().multipliedBy(2));
        turn.complete(new HandshakeGate.Allowed());
        connection.channel().runPendingTasks();

        assertThat(connection.text()).contains("0{\"sid\":");
        closeAll();
    }

    @Test
    void aClientThatLeavesWhileItWaitsOpensNoSession() {
        CompletableFuture<HandshakeGate.Verdict> turn = new CompletableFuture<>();
        server = EngineIoServer.builder(recorder).admission(() -> turn).build();
        Connection connection = connect();
        connection.send(get(POLLING));
        connection.close();

        turn.complete(new HandshakeGate.Allowed());

        assertThat(recorder.events).isEmpty();
        assertThat(server.sessionCount()).isZero();
    }

    @Test
    void sessionsAreCounted() {
        server = EngineIoServer.builder(recorder)
                .settings(EngineIoSettings.builder().maxSessions(1).build())
                .build();
        connect().handshake();

        assertThat(connect().send(get(POLLING)).text())
                .startsWith("HTTP/1.1 503 ")
                .contains("maxSessions");
        assertThat(connect().send(upgrade(WEBSOCKET)).text()).startsWith("HTTP/1.1 503 ");
        closeAll();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip               | gzip",
                "deflate            | deflate",
                "gzip, deflate, br  | gzip",
                "br;q=1.0, gzip;q=0 | -",
                "br                 | -",
                "*                  | gzip",
                "''                 | -"
            })
    void largeResponsesAreCompressedAsTheClientWishes(String accepts, String encoding) {
        Connection connection = connect();
        String sid = connection.handshake();
        recorder.session().send(Message.text("x".repeat(2000)));

        String answer = connection
                .send(get(POLLING + "&sid=" + sid, "Accept-Encoding: " + accepts))
                .text();

        if (encoding.equals("-")) {
            assertThat(answer).doesNotContain("content-encoding").endsWith("x".repeat(100));
        } else {
            assertThat(answer).contains("content-encoding: " + encoding).doesNotContain("xxx");
        }
        closeAll();
    }

    @Test
    void smallAndUncompressedResponsesStayAsTheyAre() {
        Connection connection = connect();
        String sid = connection.handshake();
        String poll = get(POLLING + "&sid=" + sid, "Accept-Encoding: gzip");
        recorder.session().send(Message.text("x".repeat(1000)));
        assertThat(connection.send(poll).text()).doesNotContain("content-encoding");

        recorder.session().send(Message.text("x".repeat(2000)).uncompressed());

        assertThat(connection.send(poll).text()).doesNotContain("content-encoding");
        closeAll();
    }

    @Test
    void aRequestThatNeverEndsIsCut() {
        Connection connection = connect();
        String sid = connection.handshake();
        connection.send("POST " + POLLING + "&sid=" + sid + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4");

        connection.live(Duration.ofSeconds(59));
        assertThat(connection.open()).isTrue();
        connection.live(Duration.ofSeconds(2));

        assertThat(connection.open()).isFalse();
        assertThat(recorder.events).containsExactly("open", "close ping timeout");
    }

    @Test
    void theUpgradeLeavesOneHandlerAndReadsAutomatically() {
        Connection connection = connect();
        connection.channel().config().setAutoRead(false);

        String answer = connection.send(upgrade(WEBSOCKET)).text();

        assertThat(answer)
                .startsWith("HTTP/1.1 101 ")
                .contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                .contains("\u0081")
                .contains("0{\"sid\":");
        assertThat(connection.channel().pipeline().get(HttpServerCodec.class)).isNull();
        assertThat(connection.channel().pipeline().get(WebSocketCarrier.class)).isNotNull();
        assertThat(connection.channel().pipeline().get("other")).isNull();
        assertThat(connection.channel().config().isAutoRead()).isTrue();
        closeAll();
    }

    @Test
    void framesThatFollowTheUpgradeRequestAtOnceAreNotLost() {
        Connection connection = connect();
        byte[] request = upgrade(WEBSOCKET).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        connection.send(ClientFrames.join(request, ClientFrames.text("4early")));

        assertThat(recorder.events).containsExactly("open", "text early");
        closeAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Connection: Upgrade",
            })
    void aHandshakeWithoutWhatItNeedsIsRefused(String header) {
        assertThat(connect()
                        .send(upgrade(WEBSOCKET).replace(header + "\r\n", ""))
                        .text())
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aHandshakeWithAShortKeyIsRefused() {
        assertThat(connect()
                        .send(upgrade(WEBSOCKET).replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="))
                        .text())
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aWebSocketOnThePollingTransportIsRefused() {
        assertThat(connect().send(upgrade(POLLING)).text()).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aServerThatShutsDownRefusesHandshakes() {
        server.close(Duration.ofSeconds(1));

        assertThat(connect().send(get(POLLING)).text())
                .startsWith("HTTP/1.1 503 ")
                .contains("shutting down");
    }

    private Connection connect() {
        return add(new Connection(server));
    }

    private Connection add(Connection connection) {
        connections.add(connection);
        return connection;
    }

    /** Ends every session at once. */
    private void closeAll() {
        for (Session session : List.copyOf(recorder.sessions)) {
            session.loop().execute(((EngineSession) session)::cut);
        }
        connections.forEach(connection -> connection.channel().runPendingTasks());
    }
}
