package io.heliograph.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.heliograph.server.errors.StartException;
import io.heliograph.server.fixtures.TestPgBouncer;
import io.heliograph.server.fixtures.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which bus a server on PostgreSQL has, with and without a pooler in between. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class NodeBusIT {
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static EmbeddedPostgres postgres;
    private static TestPgBouncer pooler;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        pooler = TestPgBouncer.start(shared, postgres.getPort());
    }

    @AfterAll
    static void stop() throws IOException {
        pooler.close();
        postgres.close();
    }

    private TestServer server(String url, String bus) {
        return TestServer.start(folder, "heliograph.database-url=" + url, "heliograph.bus=" + bus);
    }

    private static String direct() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    private static int busSessions() {
        return JdbcClient.create(postgres.getPostgresDatabase())
                .sql("select count(*) from pg_stat_activity where application_name = 'heliograph-bus'")
                .query(Integer.class)
                .single();
    }

    private static List<ILoggingEvent> logged(Runnable task) {
        Logger log = (Logger) LoggerFactory.getLogger(NodeBus.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            task.run();
        } finally {
            log.detachAppender(lines);
        }
        return List.copyOf(lines.list);
    }

    @Test
    void thePostgresqlOfTheDatabaseIsTheBusUnlessItIsTurnedOff() {
        try (TestServer server = server(direct(), "")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> busSessions() == 2);
            assertThat(server.anonymous().get("/metrics").body()).contains("heliograph_bus_connected 1.0");
        }
        await().until(() -> busSessions() == 0);
        try (TestServer _ = server(direct(), "none")) {
            assertThat(busSessions()).isZero();
        }
    }

    @Test
    void behindAPoolerInTransactionModeTheStartSaysThatThereIsNoBus() {
        List<ILoggingEvent> lines = logged(() -> server(pooler.url(), "").close());

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().getFormattedMessage())
                .contains("PgBouncer", "heliograph.bus", "postgresql://", "none");
        assertThat(logged(() -> server(pooler.url(), "none").close())).isEmpty();
    }

    @Test
    void aBusThatLeadsThroughAPoolerInTransactionModeIsNoStart() {
        assertThatThrownBy(() -> server(direct(), pooler.url()).close())
                .hasRootCauseInstanceOf(SQLException.class)
                .satisfies(failure -> assertThat(started(failure)).contains("heliograph.bus", "PgBouncer", "direct"));
    }

    @Test
    void aBusInAnotherDatabaseThanTheLogIsNoStart() {
        String elsewhere = direct().replace("/postgres?", "/template1?");
        assertThat(elsewhere).isNotEqualTo(direct());

        assertThatThrownBy(() -> server(direct(), elsewhere).close())
                .satisfies(failure -> assertThat(started(failure)).contains("heliograph.bus", "log_head"));
    }

    private static String started(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof StartException)) {
            cause = Objects.requireNonNull(cause.getCause());
        }
        return String.valueOf(cause.getMessage());
    }

    @Test
    void aDirectConnectionIsTheBusOfADatabaseBehindAPooler() {
        String bus = "postgresql://postgres@127.0.0.1:" + postgres.getPort() + "/postgres";
        try (TestServer server = server(pooler.url(), bus)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> busSessions() == 2);
            assertThat(server.anonymous().get("/metrics").body()).contains("heliograph_bus_connected 1.0");
        }
    }
}
