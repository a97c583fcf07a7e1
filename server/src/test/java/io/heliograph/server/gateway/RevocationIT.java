package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.workspaces.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a credential opened ends with it: sockets in whatever state, streams, and requests that wait. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
final class RevocationIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private TestServer server;
    private TestClient owner;
    private TestClient agent;

    @BeforeEach
    void start() {
        server = TestServer.start(folder);
        owner = server.as(server.token("acme", "olga", Role.OWNER));
        agent = server.as(server.key("acme", "bot", Scope.APPROVALS_CREATE, Scope.READ));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @RepeatedTest(3)
    void everySocketOfARemovedMemberEndsAlsoThoseThatAreComingBack() {
        String cursor = owner.get("/v1/approvals").json().path("asOf").asString();
        for (int i = 0; i < 100; i++) {
            ask("before " + i);
        }
        String bob = server.member("acme", "bob", Role.OPERATOR);
        String token = server.token("acme", "bob", Role.OPERATOR);
        List<TestSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sockets.add(TestSocket.connected(server, token));
        }
        List<TestSocket> returning = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            returning.add(TestSocket.open(server));
        }
        TestSocket bystander = TestSocket.connected(server, server.token("acme", "carol", Role.OPERATOR));

        returning.parallelStream().forEach(socket -> socket.connect(Map.of("token", token, "cursor", cursor)));
        assertThat(owner.delete("/v1/members/" + bob).status()).isEqualTo(204);
        sockets.addAll(returning);

        for (TestSocket socket : sockets) {
            // One that was refused keeps its session, in which there is no socket.
            await().atMost(SOON).until(() -> socket.closed().isDone() || socket.isRefused());
        }
        String after = ask("after the removal");
        await().atMost(SOON).until(() -> bystander.waiting().stream().anyMatch(event -> isOf(event, after)));
        assertThat(sockets).allSatisfy(socket -> assertThat(socket.waiting()).noneMatch(event -> isOf(event, after)));
        sockets.forEach(TestSocket::cut);
        bystander.cut();
    }

    @Test
    void aConnectedSocketIsToldWhy() throws Exception {
        TestSocket socket = TestSocket.connected(server, server.token("acme", "bob", Role.OPERATOR));
        owner.delete("/v1/members/" + server.member("acme", "bob", Role.OPERATOR));

        JsonNode closing = socket.event("closing");

        assertThat(closing.get(1).path("code").asString()).isEqualTo("token_invalid");
        socket.closed().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aWaitForADecisionEndsWithItsKey() {
        TestClient other = server.as(server.key("acme", "other", Scope.READ));
        String key = other.get("/v1/whoami").json().path("credentialId").asString();
        String approval = ask("decided by nobody");
        CompletableFuture<TestClient.Answer> waiting = other.getAsync("/v1/approvals/" + approval + "?wait=50");
        await().atMost(SOON).until(() -> waiters() == 1);

        owner.delete("/v1/api-keys/" + key);

        TestClient.Answer answer = waiting.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("token_invalid");
        await().atMost(SOON).until(() -> waiters() == 0);
    }

    private double waiters() {
        return server.anonymous()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("heliograph_approvals_waiters "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private static boolean isOf(JsonNode event, String approval) {
        return event.at("/1/subject/id").asString("").equals(approval);
    }

    private String ask(String title) {
        return agent.post("/v1/approvals", Map.of("title", title, "action", Map.of("name", "refund", "args", Map.of())))
                .json()
                .path("id")
                .asString();
    }
}
