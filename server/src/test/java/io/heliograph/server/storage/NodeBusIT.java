package io.heliograph.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.errors.StartException;
import io.heliograph.server.fixtures.TestPgBouncer;
import io.heliograph.server.fixtures.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which bus a server on PostgreSQL has, with and without a pooler in between. */
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class NodeBusIT {
    private static final String WARNING = "The database cannot be the bus";

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
        return TestServer.start(
                folder,
                "heliograph.database-url=" + url,
                "heliograph.token-secret=" + "0123456789".repeat(4),
                "heliograph.bus=" + bus);
    }

    private static String direct() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    /** Sessions that listen as a bus does; a pooler leaves others behind. */
    private static int listeners() {
        return JdbcClient.create(postgres.getPostgresDatabase())
                .sql("select count(*) from pg_stat_activity where query ~* '^listen heliograph_[0-9]+$'")
                .query(Integer.class)
                .single();
    }

    @Test
    void thePostgresqlOfTheDatabaseIsTheBusUnlessItIsTurnedOff() {
        try (TestServer server = server(direct(), "")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> listeners() == 1);
            assertThat(server.anonymous().get("/metrics").body()).contains("heliograph_bus_connected 1.0");
        }
        await().until(() -> listeners() == 0);
        try (TestServer _ = server(direct(), "none")) {
            assertThat(listeners()).isZero();
        }
    }

    @Test
    void behindAPoolerInTransactionModeTheStartSaysThatThereIsNoBus(CapturedOutput output) {
        server(pooler.url(), "none").close();
        assertThat(output).doesNotContain(WARNING);

        server(pooler.url(), "").close();

        assertThat(output.toString().lines().filter(line -> line.contains(WARNING)))
                .singleElement()
                .asString()
                .contains("PgBouncer", "heliograph.bus", "postgresql://", "none");
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
            await().atMost(Duration.ofSeconds(20)).until(() -> listeners() == 1);
            assertThat(server.anonymous().get("/metrics").body()).contains("heliograph_bus_connected 1.0");
        }
    }
}
