package io.heliograph.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starting, starting again, and the starts that cannot be: one line each, which names the thing and the fix. */
final class StartIT {

    @Test
    void aSecondStartGoesOnWithTheDataOfTheFirst(@TempDir Path folder) {
        String token;
        try (TestServer first = TestServer.start(folder)) {
            token = first.token("acme", "ada", Role.OPERATOR);
        }

        try (TestServer second = TestServer.start(folder)) {
            assertThat(second.as(token).get("/v1/whoami").status()).isEqualTo(200);
        }
    }

    @Test
    void theFirstStartPrintsAKeyAndEveryStartALinkThatSignsIn(@TempDir Path folder) {
        Map<String, String> settings = Map.of("heliograph.data", folder.toString(), "heliograph.port", "0");
        String first;
        String second;
        try (Server server = Server.start(settings)) {
            first = announced(server);
            String key = first.replaceAll("(?s).*?(hk_\\w+).*", "$1");
            assertThat(new TestClient(server.url(), Optional.of(key))
                            .get("/v1/whoami")
                            .status())
                    .isEqualTo(200);
        }
        try (Server server = Server.start(settings)) {
            second = announced(server);
            String code = second.replaceAll("(?s).*#code=(\\w+).*", "$1");
            assertThat(second).contains(server.url() + "/sign-in#code=");
            assertThat(new TestClient(server.url(), Optional.empty())
                            .post("/v1/sign-in", Map.of("code", code))
                            .json()
                            .at("/workspace/slug")
                            .asString())
                    .isEqualTo("default");
        }

        assertThat(first).contains("Workspace   default");
        assertThat(second).doesNotContain("hk_").contains("./heliograph key");
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void aTakenPortIsNamed(@TempDir Path folder) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(
                    folder, "heliograph.port=" + taken.getLocalPort(), "port " + taken.getLocalPort() + " is taken");
        }
        // The failed start has let go of the folder.
        TestServer.start(folder).close();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a-file"), "");

        assertFails(file, "heliograph.port=0", "the data folder " + file);
        assertFails(file.resolve("below"), "heliograph.port=0", "the data folder " + file.resolve("below"));
    }

    @Test
    void aFolderHasOneServer(@TempDir Path folder) {
        try (TestServer _ = TestServer.start(folder)) {
            assertFails(folder, "heliograph.port=0", "another server is running on the data folder " + folder);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "heliograph.port, 70000, a port from 0 to 65535",
        "heliograph.port, x, a whole number",
        "heliograph.host, not an address, an address of this machine",
        "heliograph.token-ttl, soon, a duration such as",
        "heliograph.token-ttl, 1s, a duration from 1m to 1d",
        "heliograph.max-body, 1TB, a size from 1KB to 64MB",
        "heliograph.max-body, huge, a size such as",
        "heliograph.allowed-origins, app.example.com, origins such as",
        "heliograph.public-url, https://x/y, a URL without a path",
        "heliograph.database-url, jdbc:mysql:x, jdbc:postgresql:",
        "heliograph.bus, kafka://x, a URL such as redis://host:port",
        "heliograph.bus, cache:6379, a URL such as redis://host:port",
        "heliograph.bus, 'redis-sentinel://one,two', redis-sentinel://host1:port",
        "heliograph.bus, postgresql://host, postgresql://host:port/database",
        "heliograph.bus-queue, 1KB, a size from 64KB to 1GB",
        "heliograph.bus-certificates, /nowhere/at/all.pem, a readable file of PEM certificates",
        "heliograph.gateway.head-check, 1ms, a duration from 100ms to 5m",
        "heliograph.dashboard, /nowhere/at/all, a folder",
        "heliograph.demo, perhaps, true or false"
    })
    void aBadSettingIsNamedWithWhatWasExpected(String key, String value, String expected, @TempDir Path folder) {
        assertFails(folder, key + "=" + value, key + " is \"" + value, expected);
    }

    @Test
    void aBadSecretIsNotRepeated(@TempDir Path folder) {
        assertThatThrownBy(() -> TestServer.start(folder, "heliograph.token-secret=hunter2"))
                .satisfies(failure -> assertThat(StartFailures.explain(failure).orElseThrow())
                        .contains("heliograph.token-secret", "at least 32 bytes")
                        .doesNotContain("hunter2"));
    }

    @Test
    void thePasswordOfABadBusIsNotRepeated(@TempDir Path folder) {
        for (String bus : List.of(
                "rediss://ada:hunter2@cache?x",
                "redis://:hunter2@cache/x",
                "ada:hunter2@cache",
                "redis-sentinel://:hunter2@cache,other",
                "postgresql://ada:hunter2@cache")) {
            assertThatThrownBy(() -> TestServer.start(folder, "heliograph.bus=" + bus))
                    .satisfies(
                            failure -> assertThat(StartFailures.explain(failure).orElseThrow())
                                    .contains("heliograph.bus", "…@cache", "redis://host:port")
                                    .doesNotContain("hunter2", "\n"));
        }
    }

    @Test
    void aBusOnPostgresqlNeedsTheLogThere(@TempDir Path folder) {
        assertThatThrownBy(() -> TestServer.start(
                        folder, "heliograph.database-url=", "heliograph.bus=postgresql://127.0.0.1:1/heliograph"))
                .satisfies(failure -> assertThat(StartFailures.explain(failure).orElseThrow())
                        .contains("heliograph.bus names PostgreSQL", "heliograph.database-url")
                        .doesNotContain("\n"));
    }

    @Test
    void aSettingThatThereIsNotIsNamedWithTheNearest(@TempDir Path folder) {
        assertFails(folder, "heliograph.prot=1", "there is no setting heliograph.prot; did you mean heliograph.port?");
    }

    @Test
    void aDatabaseOfANewerBuildIsRefused(@TempDir Path folder) throws Exception {
        TestServer.start(folder).close();
        change(folder, "update flyway_schema_history set version = '9000' where version = '101'");

        assertFails(folder, "heliograph.port=0", "schema version 9000", "newer than this build's");
    }

    @Test
    void aDatabaseThatIsTooOldIsRefused(@TempDir Path folder) throws Exception {
        TestServer.start(folder).close();
        change(
                folder,
                "insert into flyway_schema_history select installed_rank + 900, '0.5', description, type, script,"
                        + " checksum, installed_by, installed_on, execution_time, success"
                        + " from flyway_schema_history where version = '1'");

        assertFails(folder, "heliograph.port=0", "schema version 0.5", "too old");
    }

    @Test
    void aDatabaseOfAnotherProgramIsRefused(@TempDir Path folder) throws Exception {
        change(folder, "create table other (id integer)");

        assertFails(folder, "heliograph.port=0", "the database");
    }

    @Test
    void aFileThatIsNoDatabaseIsRefused(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("heliograph.db"), "no database at all, only text that is long enough".repeat(99));

        assertFails(folder, "heliograph.port=0", "the database in " + folder + " cannot be opened");
    }

    private static void assertFails(Path folder, String setting, String... parts) {
        assertThatThrownBy(() -> TestServer.start(folder, setting).close()).satisfies(failure -> {
            String line =
                    StartFailures.explain(failure).orElseThrow(() -> new AssertionError("not explained", failure));
            assertThat(line).contains(parts).doesNotContain("\n", "Exception");
        });
    }

    private static String announced(Server server) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        server.announce(new PrintStream(out, true, StandardCharsets.UTF_8), FirstRun.onTerminal());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void change(Path folder, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("heliograph.db"))) {
            connection.createStatement().execute(sql);
        }
    }
}
