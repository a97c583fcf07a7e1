package io.heliograph.server.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.start.CommandLineInterface;
import io.heliograph.server.start.StartFailures;
import io.heliograph.server.workspaces.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Backups of the embedded database and what a crash leaves beside it. The files of a folder that is copied while its
 * server runs are those that kill -9 leaves: what was written is in the operating system's hands.
 */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class SqliteBackupIT {
    @TempDir
    Path folder;

    private Path data;
    private Path crashed;
    private Path backup;
    private final PrintStream standardOut = System.out;
    private final PrintStream standardErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void name() {
        data = folder.resolve("data");
        crashed = folder.resolve("crashed");
        backup = folder.resolve("backup.db");
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(standardOut);
        System.setErr(standardErr);
    }

    /** How people make backups while a server runs. */
    enum Way {
        COMMAND,
        BACKUP_API,
        VACUUM;

        void make(Path data, Path backup) throws SQLException {
            switch (this) {
                case COMMAND ->
                    assertThat(CommandLineInterface.run("backup", backup.toString(), "--data", data.toString()))
                            .isZero();
                case BACKUP_API -> execute(data, "backup to '" + backup + "'");
                case VACUUM -> execute(data, "vacuum into '" + backup + "'");
            }
        }

        private static void execute(Path data, String sql) throws SQLException {
            try (Connection connection =
                            DriverManager.getConnection("jdbc:sqlite:" + data.resolve(DataDirectory.DATABASE));
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    /** A backup with one approval, and a crash after a second one. */
    private void backUpAndCrash(Way way) throws Exception {
        try (TestServer server = TestServer.start(data)) {
            TestClient agent = server.as(server.key("acme", "agent"));
            create(agent, "in the backup");
            way.make(data, backup);
            create(agent, "after the backup");
            copy(data, crashed);
        }
        assertThat(Files.size(SqliteWal.log(crashed.resolve(DataDirectory.DATABASE))))
                .isPositive();
    }

    private static void create(TestClient agent, String title) {
        TestClient.Answer answer = agent.post(
                "/v1/approvals", Map.of("title", title, "action", Map.of("name", "refund", "args", Map.of())));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static List<String> titles(TestServer server) {
        return server.as(server.token("acme", "ada", Role.VIEWER))
                .get("/v1/approvals")
                .json()
                .path("data")
                .valueStream()
                .map(approval -> approval.path("title").asString())
                .sorted()
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private String run(Path data, String... words) {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--data";
        all[words.length + 1] = data.toString();
        err.reset();
        assertThat(CommandLineInterface.run(all)).as(err.toString(UTF_8)).isZero();
        return out.toString(UTF_8);
    }

    private static void assertRefused(Path data) {
        assertThatThrownBy(() -> TestServer.start(data).close())
                .satisfies(failure -> assertThat(StartFailures.explain(failure).orElseThrow())
                        .contains(
                                data.resolve(DataDirectory.DATABASE) + " was replaced",
                                "rotate-epochs --discard-wal",
                                "restore FILE"));
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatWasReplacedBesideTheLogOfTheFormerOneIsRefusedUntilTheLogIsMovedAway(Way way) throws Exception {
        backUpAndCrash(way);
        Files.copy(backup, crashed.resolve(DataDirectory.DATABASE), StandardCopyOption.REPLACE_EXISTING);

        assertRefused(crashed);
        assertThat(run(crashed, "rotate-epochs", "--discard-wal"))
                .contains("moved to " + crashed, "clients will reload");

        try (TestServer server = TestServer.start(crashed)) {
            assertThat(titles(server)).containsExactly("in the backup");
        }
    }

    @Test
    void anOlderBackupIsRefusedToo() throws Exception {
        try (TestServer server = TestServer.start(data)) {
            create(server.as(server.key("acme", "agent")), "in the backup");
            Way.BACKUP_API.make(data, backup);
        }
        try (TestServer server = TestServer.start(data)) {
            create(server.as(server.key("acme", "agent")), "in another life");
            copy(data, crashed);
        }
        Files.copy(backup, crashed.resolve(DataDirectory.DATABASE), StandardCopyOption.REPLACE_EXISTING);

        assertRefused(crashed);
    }

    @Test
    void withoutARestoreACrashLosesNothing() throws Exception {
        backUpAndCrash(Way.COMMAND);

        try (TestServer server = TestServer.start(crashed)) {
            assertThat(titles(server)).containsExactly("after the backup", "in the backup");
        }
        try (TestServer server = TestServer.start(crashed)) {
            assertThat(titles(server)).containsExactly("after the backup", "in the backup");
        }
    }

    @ParameterizedTest
    @EnumSource
    void restoreReplacesWhatACrashLeftAndKeepsItAside(Way way) throws Exception {
        backUpAndCrash(way);

        assertThat(run(crashed, "restore", backup.toString())).contains("moved to " + crashed, "clients will reload");

        try (TestServer server = TestServer.start(crashed)) {
            assertThat(titles(server)).containsExactly("in the backup");
        }
        try (var kept = Files.list(crashed)) {
            Path former = kept.filter(file -> file.getFileName().toString().startsWith("replaced-"))
                    .findAny()
                    .orElseThrow();
            assertThat(former.resolve("heliograph.db")).exists();
            assertThat(former.resolve("heliograph.db-wal")).isNotEmptyFile();
            try (TestServer server = TestServer.start(former)) {
                assertThat(titles(server)).containsExactly("after the backup", "in the backup");
            }
        }
    }

    @Test
    void restoreMakesClientsReload() throws Exception {
        String cursor;
        try (TestServer server = TestServer.start(data)) {
            create(server.as(server.key("acme", "agent")), "in the backup");
            Way.COMMAND.make(data, backup);
            cursor = cursor(server);
        }

        run(data, "restore", backup.toString());

        try (TestServer server = TestServer.start(data)) {
            assertThat(server.as(server.token("acme", "ada", Role.VIEWER))
                            .get("/v1/events?after=" + cursor)
                            .code())
                    .isEqualTo("cursor_gone");
        }
    }

    private static String cursor(TestServer server) {
        return server.as(server.token("acme", "ada", Role.VIEWER))
                .get("/v1/approvals")
                .json()
                .path("asOf")
                .asString();
    }

    @Test
    void restoreWorksInAFolderWithoutADatabase() throws Exception {
        backUpAndCrash(Way.COMMAND);
        Path fresh = folder.resolve("fresh");

        run(fresh, "restore", backup.toString());

        try (TestServer server = TestServer.start(fresh)) {
            assertThat(titles(server)).containsExactly("in the backup");
        }
    }

    @Test
    void whatCannotBeDoneIsSaidAndChangesNothing() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no database".repeat(99));
        try (TestServer server = TestServer.start(data)) {
            create(server.as(server.key("acme", "agent")), "kept");
            Way.COMMAND.make(data, backup);

            assertThat(fails("restore", backup.toString())).contains("another server is running");
            assertThat(fails("rotate-epochs", "--discard-wal")).contains("another server is running");
            assertThat(fails("backup", backup.toString())).contains(backup + " exists");
        }
        assertThat(fails("restore", folder.resolve("nothing").toString())).contains("there is no file");
        assertThat(fails("restore", text.toString())).contains(text + " is no database");
        Path open = folder.resolve("open.db");
        Files.copy(backup, open);
        Files.writeString(folder.resolve("open.db-wal"), "changes");
        assertThat(fails("restore", open.toString())).contains("write-ahead log beside it");

        try (TestServer server = TestServer.start(data)) {
            assertThat(titles(server)).containsExactly("kept");
        }
    }

    private String fails(String first, String second) {
        err.reset();
        assertThat(CommandLineInterface.run(first, second, "--data", data.toString()))
                .isEqualTo(1);
        assertThat(err.toString(UTF_8).lines()).hasSize(1);
        return err.toString(UTF_8);
    }

    @Test
    void theLogIsWrittenBackWhenItIsLongAndItsSizeIsAMetric() {
        try (TestServer server = TestServer.start(data, "heliograph.wal-checkpoint-size=64KB")) {
            TestClient agent = server.as(server.key("acme", "agent"));
            long written = 0;
            for (int i = 0; i < 60; i++) {
                create(agent, "long ".repeat(40));
                written = Math.max(written, walBytes(server));
            }
            assertThat(written).isPositive();
            await().until(() -> walBytes(server) <= 64 << 10);
        }
    }

    private static long walBytes(TestServer server) {
        return server.anonymous()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("heliograph_database_wal_bytes "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
