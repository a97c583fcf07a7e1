package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.storage.FaultyDriver;
import io.heliograph.server.workspaces.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Each call that changes something, repeated under its key: after faults, after lost connections, and in parallel. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class IdempotencyIT {
    private static final int COPIES = 20;
    private static final Executor THREADS = Thread::startVirtualThread;
    private static final AtomicInteger WORLDS = new AtomicInteger();
    private static final Map<String, Function<World, Call>> CALLS = new LinkedHashMap<>();

    @TempDir
    static Path folder;

    static FaultyDriver faults;
    static TestServer server;

    static {
        CALLS.put("create", world -> new Call(world.agent, "POST", "/v1/approvals", World.REFUND));
        CALLS.put("decision", world -> {
            String id = world.approval();
            return new Call(world.owner, "POST", "/v1/approvals/" + id + "/decision", world.decision(id, ""));
        });
        CALLS.put("bulk decision", world -> {
            String one = world.approval();
            String two = world.approval();
            String body = "{\"decisions\":[" + world.decision(one, ",\"id\":\"" + one + "\"") + ","
                    + world.decision(two, ",\"id\":\"" + two + "\"") + ","
                    + world.decision(two, ",\"id\":\"apr_none\"") + "]}";
            return new Call(world.owner, "POST", "/v1/approvals/bulk-decision", body);
        });
        CALLS.put(
                "cancel",
                world -> new Call(world.agent, "POST", "/v1/approvals/" + world.approval() + "/cancel", "{}"));
        CALLS.put(
                "extend",
                world -> new Call(
                        world.agent, "POST", "/v1/approvals/" + world.approval() + "/extend", "{\"expiresIn\":9000}"));
        CALLS.put("claim", world -> new Call(world.owner, "PUT", "/v1/approvals/" + world.approval() + "/claim", ""));
        CALLS.put("release", world -> {
            String path = "/v1/approvals/" + world.approval() + "/claim";
            world.owner.put(path, "");
            return new Call(world.owner, "DELETE", path, "");
        });
        CALLS.put(
                "register an agent",
                world -> new Call(world.agent, "PUT", "/v1/agents/agt_1", "{\"status\":\"working\"}"));
        CALLS.put("heartbeat", world -> new Call(world.agent, "POST", world.registered() + "/heartbeat", ""));
        CALLS.put("stop an agent", world -> new Call(world.agent, "DELETE", world.registered() + "/lease", ""));
        CALLS.put(
                "message",
                world -> new Call(world.agent, "POST", world.registered() + "/messages", "{\"text\":\"hello\"}"));
        CALLS.put("mark", world -> {
            world.approval();
            return new Call(world.owner, "POST", "/v1/notifications/mark", "{\"all\":true,\"change\":\"read\"}");
        });
        CALLS.put(
                "change the preferences",
                world -> new Call(
                        world.owner, "PUT", "/v1/notifications/preferences", "{\"inApp\":{\"agent.error\":false}}"));
        CALLS.put(
                "add a member",
                world -> new Call(world.owner, "POST", "/v1/members", "{\"handle\":\"bob\",\"role\":\"viewer\"}"));
        CALLS.put(
                "change a role",
                world -> new Call(
                        world.owner, "PATCH", "/v1/members/" + world.member("bob"), "{\"role\":\"operator\"}"));
        CALLS.put(
                "remove a member", world -> new Call(world.owner, "DELETE", "/v1/members/" + world.member("bob"), ""));
        CALLS.put(
                "remove a member and keep its keys",
                world -> new Call(world.owner, "DELETE", "/v1/members/" + world.member("bob") + "?keys=keep", ""));
        CALLS.put(
                "sign-in link",
                world -> new Call(world.owner, "POST", "/v1/members/" + world.member("bob") + "/sign-in-link", "{}"));
        CALLS.put("add a key", world -> new Call(world.owner, "POST", "/v1/api-keys", "{\"name\":\"second\"}"));
        CALLS.put("rotate a key", world -> {
            String id = world.owner
                    .post("/v1/api-keys", Map.of("name", "second"))
                    .json()
                    .at("/key/id")
                    .asString();
            return new Call(world.owner, "POST", "/v1/api-keys/" + id + "/rotate", "{\"overlapSeconds\":60}");
        });
        CALLS.put("hand an agent over", world -> {
            String id = world.owner
                    .post("/v1/api-keys", Map.of("name", "second"))
                    .json()
                    .at("/key/id")
                    .asString();
            return new Call(world.owner, "PUT", world.registered() + "/owner", "{\"keyId\":\"" + id + "\"}");
        });
        CALLS.put("revoke a key", world -> {
            String id = world.owner
                    .post("/v1/api-keys", Map.of("name", "second"))
                    .json()
                    .at("/key/id")
                    .asString();
            return new Call(world.owner, "DELETE", "/v1/api-keys/" + id, "");
        });
        CALLS.put("revoke a token", world -> new Call(world.owner, "DELETE", "/v1/tokens/tok_" + "0".repeat(26), ""));
        CALLS.put(
                "sign in",
                world -> new Call(
                        server.anonymous(),
                        "POST",
                        "/v1/sign-in",
                        "{\"code\":\"" + server.signInCode(world.slug) + "\"}",
                        world.ownPage()));
        CALLS.put("end a session", world -> {
            String id = server.anonymous()
                    .post("/v1/sign-in", Map.of("code", server.signInCode(world.slug)), world.ownPage())
                    .json()
                    .at("/session/id")
                    .asString();
            return new Call(world.owner, "DELETE", "/v1/sessions/" + id, "");
        });
        CALLS.put("sign out", world -> {
            String cookie = server.anonymous()
                    .post("/v1/sign-in", Map.of("code", server.signInCode(world.slug)), world.ownPage())
                    .header("set-cookie")
                    .orElseThrow()
                    .split(";", -1)[0];
            return new Call(
                    server.anonymous(),
                    "DELETE",
                    "/v1/session",
                    "",
                    Stream.concat(Stream.of("Cookie", cookie), Stream.of(world.ownPage()))
                            .toArray(String[]::new));
        });
    }

    @BeforeAll
    static void start() {
        faults = FaultyDriver.install();
        server = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<String> calls() {
        return CALLS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aRepetitionAfterAFaultHasNoSecondEffect(String name) {
        Reference reference = reference(name);

        for (int number = 0; number < 20; number++) {
            // Ten at each of the first statements, ten at the commit, which the database has heard of or not.
            FaultyDriver.Fault fault = new FaultyDriver.Fault(number < 10 ? number + 1 : 1_000, number % 2 == 0);
            World world = new World();
            Call call = Objects.requireNonNull(CALLS.get(name)).apply(world);
            Effect before = world.effect();
            faults.arm(fault);
            TestClient.Answer failed = call.send("k1");
            assertThat(faults.fired()).as("%s: %s", name, fault).isTrue();

            TestClient.Answer second = call.send("k1");
            TestClient.Answer third = call.send("k1");

            assertThat(failed.status())
                    .as("%s: %s: %s", name, fault, failed.body())
                    .isGreaterThanOrEqualTo(500);
            assertThat(second.status())
                    .as("%s: %s: %s", name, fault, second.body())
                    .isIn(reference.first.status(), reference.repeated.status());
            assertThat(third.status()).isEqualTo(reference.repeated.status());
            assertThat(world.effect().minus(before)).as("%s: %s", name, fault).isEqualTo(reference.effect);
            if (reference.identical()) {
                assertThat(third.body()).isEqualTo(second.body());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void copiesInParallelHaveOneEffectAndGetTheFirstAnswer(String name) {
        Reference reference = reference(name);
        World world = new World();
        Call call = Objects.requireNonNull(CALLS.get(name)).apply(world);
        Effect before = world.effect();

        List<CompletableFuture<TestClient.Answer>> running = IntStream.range(0, COPIES)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> call.send("k1"), THREADS))
                .toList();
        List<TestClient.Answer> answers =
                running.stream().map(CompletableFuture::join).toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.status())
                        .as(answer.body())
                        .isIn(reference.first.status(), reference.repeated.status()));
        if (reference.identical()) {
            assertThat(answers.stream().map(TestClient.Answer::body).distinct()).hasSize(1);
        }
        assertThat(world.effect().minus(before)).isEqualTo(reference.effect);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aRepetitionAfterALostConnectionHasNoSecondEffect(String name) throws IOException {
        Reference reference = reference(name);

        for (int number = 0; number < 5; number++) {
            World world = new World();
            Call call = Objects.requireNonNull(CALLS.get(name)).apply(world);
            Effect before = world.effect();
            call.sendAndReset("k1");
            TestClient.Answer second = call.send("k1");

            assertThat(second.status())
                    .as("%s: %s", name, second.body())
                    .isIn(reference.first.status(), reference.repeated.status());
            assertThat(world.effect().minus(before)).as(name).isEqualTo(reference.effect);
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void anotherRequestUnderTheKeyIsRefused(String name) {
        World world = new World();
        Call call = Objects.requireNonNull(CALLS.get(name)).apply(world);
        assertThat(world.owner
                        .post("/v1/members", Map.of("handle", "first", "role", "viewer"), "Idempotency-Key", "k1")
                        .status())
                .isEqualTo(201);
        assertThat(world.agent
                        .post("/v1/agents/agt_9/messages", Map.of("text", "first"), "Idempotency-Key", "k1")
                        .status())
                .isEqualTo(201);
        Effect before = world.effect();
        // A browser's session is another caller than the member's token only by name: both are the member.
        TestClient.Answer answer = call.send("k1");

        assertThat(answer.status()).as("%s: %s", name, answer.body()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("idempotency_key_reused");
        assertThat(world.effect()).isEqualTo(before);
    }

    /** What one undisturbed request does and answers, and what its repetition answers. */
    private record Reference(Effect effect, TestClient.Answer first, TestClient.Answer repeated) {
        /** Not where the first answer holds a secret. */
        boolean identical() {
            return first.body().equals(repeated.body());
        }
    }

    private static Reference reference(String name) {
        World world = new World();
        Call call = Objects.requireNonNull(CALLS.get(name)).apply(world);
        Effect before = world.effect();
        TestClient.Answer first = call.send("k1");
        TestClient.Answer repeated = call.send("k1");
        assertThat(first.status()).as("%s: %s", name, first.body()).isBetween(200, 299);
        return new Reference(world.effect().minus(before), first, repeated);
    }

    /** What is counted of what a workspace's requests did. */
    private record Effect(long events, long audited) {
        Effect minus(Effect before) {
            return new Effect(events - before.events, audited - before.audited);
        }
    }

    private record Call(TestClient client, String method, String path, String body, List<String> headers) {
        Call(TestClient client, String method, String path, String body, String... headers) {
            this(client, method, path, body, List.of(headers));
        }

        TestClient.Answer send(String key) {
            return client.call(
                    method,
                    path,
                    body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body),
                    Stream.concat(
                                    Stream.of("Idempotency-Key", key, "Content-Type", "application/json"),
                                    headers.stream())
                            .toArray(String[]::new));
        }

        /** Resets the connection as soon as the request is on its way. */
        void sendAndReset(String key) throws IOException {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:"
                    + server.port() + "\r\nIdempotency-Key: " + key + "\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length() + "\r\n");
            client.request(path)
                    .build()
                    .headers()
                    .firstValue("Authorization")
                    .ifPresent(credential ->
                            head.append("Authorization: ").append(credential).append("\r\n"));
            for (int index = 0; index < headers.size(); index += 2) {
                head.append(headers.get(index))
                        .append(": ")
                        .append(headers.get(index + 1))
                        .append("\r\n");
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write((head + "\r\n" + body).getBytes(UTF_8));
            }
        }
    }

    /** A workspace of its own, with an owner and an agent's key. */
    private static final class World {
        static final String REFUND = "{\"title\":\"Refund?\",\"action\":{\"name\":\"refund\",\"args\":{\"id\":9}}}";

        final String slug = "world-" + WORLDS.incrementAndGet();
        final WorkspaceId id = server.workspace(slug);
        final TestClient owner = server.as(server.token(slug, "owner", Role.OWNER));
        final TestClient agent = server.as(server.key(slug, "agent"));

        String approval() {
            return agent.post("/v1/approvals", REFUND).json().path("id").asString();
        }

        String decision(String approval, String more) {
            String digest = owner.get("/v1/approvals/" + approval)
                    .json()
                    .at("/action/digest")
                    .asString();
            return "{\"outcome\":\"approved\",\"digest\":\"" + digest + "\"" + more + "}";
        }

        String registered() {
            assertThat(agent.put("/v1/agents/agt_1", Map.of("status", "working"))
                            .status())
                    .isEqualTo(200);
            return "/v1/agents/agt_1";
        }

        String member(String handle) {
            return server.member(slug, handle, Role.VIEWER);
        }

        String[] ownPage() {
            return new String[] {"Origin", server.url(), "Sec-Fetch-Site", "same-origin"};
        }

        Effect effect() {
            JdbcClient jdbc = server.part(JdbcClient.class);
            return new Effect(
                    server.part(EventLog.class).open(id).cursor().offset(),
                    jdbc.sql("select count(*) from audit_entry where workspace = ?")
                            .param(id.value())
                            .query(Long.class)
                            .single());
        }
    }
}
