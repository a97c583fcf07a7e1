package io.heliograph.server.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestPgBouncer;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.fixtures.TestSocket;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.workspaces.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** PostgreSQL goes away, comes back, only reads, or stands behind a pooler, while a server runs on it. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class DatabaseOutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private EmbeddedPostgres postgres;

    @BeforeEach
    void start() throws IOException {
        postgres = postgres(0);
    }

    @AfterEach
    void stop() throws IOException {
        postgres.close();
    }

    private EmbeddedPostgres postgres(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(false)
                .start();
    }

    private TestServer server(String url) {
        return TestServer.start(folder.resolve("data"), "heliograph.database-url=" + url);
    }

    private String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    private JdbcClient admin() {
        return JdbcClient.create(postgres.getPostgresDatabase());
    }

    private static Map<String, Object> approval(String title, int expiresIn) {
        return Map.of("title", title, "action", Map.of("name", "refund", "args", Map.of()), "expiresIn", expiresIn);
    }

    private static TestClient.Answer create(TestClient client, String key) {
        return client.post("/v1/approvals", approval(key, 600), "Idempotency-Key", key);
    }

    private static TestClient.Answer ready(TestServer server) {
        return server.anonymous().get("/health/ready");
    }

    private static void assertUnavailable(TestClient.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("1");
        assertThat(answer.json().path("code").asString()).isEqualTo("overloaded");
        assertThat(answer.json().path("retryable").asBoolean()).isTrue();
    }

    /** The connections of the server only; those of this test stay. */
    private void killBackends() {
        admin().sql("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where pid <> pg_backend_pid() and backend_type = 'client backend'")
                .query(Integer.class)
                .single();
    }

    @Test
    void killedBackendsAreAnsweredWith503AndARepetitionSucceeds() throws Exception {
        try (TestServer server = server(url());
                ExecutorService callers = Executors.newFixedThreadPool(8)) {
            TestClient client = server.as(server.key("acme", "agent"));
            AtomicBoolean done = new AtomicBoolean();
            Future<?> killer = callers.submit(() -> {
                while (!done.get()) {
                    killBackends();
                }
            });
            List<Future<TestClient.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                String key = "key-" + i;
                answers.add(callers.submit((Callable<TestClient.Answer>) () -> create(client, key)));
            }
            for (Future<TestClient.Answer> answer : answers) {
                TestClient.Answer got = answer.get(PATIENCE.toSeconds(), SECONDS);
                if (got.status() != 201) {
                    assertUnavailable(got);
                }
            }
            done.set(true);
            killer.get(PATIENCE.toSeconds(), SECONDS);

            for (int i = 0; i < 80; i++) {
                String key = "key-" + i;
                await().atMost(PATIENCE).untilAsserted(() -> {
                    TestClient.Answer repeated = create(client, key);
                    assertThat(repeated.status()).as(repeated.body()).isIn(200, 201);
                });
            }
            assertThat(client.get("/v1/approvals?limit=200").json().path("data").size())
                    .isEqualTo(80);
        }
    }

    @Test
    void aDatabaseThatOnlyReadsMakesTheNodeNotReadyAndWritesFailWith503() {
        try (TestServer server = server(url())) {
            TestClient client = server.as(server.key("acme", "agent"));
            assertThat(ready(server).status()).isEqualTo(200);

            admin().sql("alter system set default_transaction_read_only = on").update();
            admin().sql("select pg_reload_conf()").query(Boolean.class).single();
            await().atMost(PATIENCE).until(() -> ready(server).status() == 503);

            assertThat(ready(server).json().at("/checks/database").asString()).isEqualTo("read-only");
            assertUnavailable(create(client, "while-read-only"));
            assertThat(client.get("/v1/approvals").status()).isEqualTo(200);

            admin().sql("alter system reset default_transaction_read_only").update();
            admin().sql("select pg_reload_conf()").query(Boolean.class).single();
            await().atMost(PATIENCE).until(() -> ready(server).status() == 200);
            await().atMost(PATIENCE)
                    .until(() -> create(client, "while-read-only").status() == 201);
        }
    }

    @Test
    void aRestartOfTheDatabaseNeedsNoRestartOfTheServerAndIsAFewLogLines() throws Exception {
        try (TestServer server = server(url())) {
            TestClient client = server.as(server.key("acme", "agent"));
            TestClient member = server.as(server.token("acme", "ada", Role.OPERATOR));
            try (TestSocket socket = TestSocket.connected(server, server.token("acme", "ada", Role.OPERATOR))) {
                assertThat(client.post("/v1/approvals", approval("expires meanwhile", 10))
                                .status())
                        .isEqualTo(201);
                socket.event("approval:created");

                int port = postgres.getPort();
                ListAppender<ILoggingEvent> log = listen();
                postgres.close();
                List<Callable<TestClient.Answer>> calls = List.of(
                        () -> client.get("/v1/whoami"),
                        () -> create(client, "while-down"),
                        () -> member.get("/v1/events?limit=1"),
                        () -> member.get("/v1/events/stream"),
                        () -> server.anonymous().post("/v1/sign-in", Map.of("code", "a-code-that-may-be-one")));
                try (ExecutorService callers = Executors.newFixedThreadPool(10)) {
                    for (int round = 0; round < 4; round++) {
                        for (Future<TestClient.Answer> answer : callers.invokeAll(calls)) {
                            assertUnavailable(answer.get(PATIENCE.toSeconds(), SECONDS));
                        }
                    }
                }
                assertThat(ready(server).status()).isEqualTo(503);
                assertThat(server.anonymous().get("/health/live").status()).isEqualTo(200);
                assertThat(lines(log)).hasSizeBetween(1, 15);

                postgres = postgres(port);
                await().atMost(PATIENCE).until(() -> ready(server).status() == 200);
                await().atMost(PATIENCE)
                        .until(() -> create(client, "while-down").status() == 201);
                assertThat(socket.event("approval:expired").get(0).asString()).isEqualTo("approval:expired");
                socket.event("approval:created");
            }
        }
    }

    /** A warning with its stack trace is one; its summary is another. */
    private static List<String> lines(ListAppender<ILoggingEvent> log) {
        return List.copyOf(log.list).stream()
                .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage())
                .toList();
    }

    private static ListAppender<ILoggingEvent> listen() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger("ROOT")).addAppender(log);
        return log;
    }

    @Test
    void aPoolerInTransactionModeIsRecognisedAndCommitsStayDurable() throws Exception {
        admin().sql("alter database postgres set synchronous_commit = off").update();
        try (TestPgBouncer pooler = TestPgBouncer.start(folder, postgres.getPort());
                TestServer server = server(pooler.url());
                ExecutorService callers = Executors.newFixedThreadPool(10)) {
            TestClient client = server.as(server.key("acme", "agent"));
            List<Future<TestClient.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                String key = "key-" + i;
                answers.add(callers.submit((Callable<TestClient.Answer>) () -> create(client, key)));
            }

            for (Future<TestClient.Answer> answer : answers) {
                assertThat(answer.get(PATIENCE.toSeconds(), SECONDS).status()).isEqualTo(201);
            }
            assertThat(client.get("/v1/approvals?limit=200").json().path("data").size())
                    .isEqualTo(90);
            String durability = server.part(EventLog.class)
                    .write(
                            server.workspace("acme"),
                            transaction -> Sql.in(transaction)
                                    .sql("show synchronous_commit")
                                    .query(String.class)
                                    .single());
            assertThat(durability).isEqualTo("on");
        }
    }
}
