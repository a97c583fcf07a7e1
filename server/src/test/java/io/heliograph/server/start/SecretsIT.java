package io.heliograph.server.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what is in the data folder, where secrets are shown, and nodes whose token secrets differ. */
final class SecretsIT {
    private static final String SECRET = "heliograph.token-secret=" + "0123456789".repeat(4);
    private static final String OTHER = "heliograph.token-secret=" + "9876543210".repeat(4);

    private static void assertOwnerOnly(Path data) throws IOException {
        assertThat(permissions(data)).isEqualTo("rwx------");
        try (var files = Files.list(data)) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(permissions(file)).as(file.toString()).isEqualTo("rw-------"));
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void nobodyButTheOwnerReadsTheDataFolder(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (TestServer server = TestServer.start(data)) {
            server.key("acme", "agent");

            assertThat(data.resolve("heliograph.db-wal")).exists();
            assertThat(data.resolve("heliograph.db-shm")).exists();
            assertOwnerOnly(data);
        }
        assertOwnerOnly(data);
    }

    @Test
    void widerPermissionsAreNarrowedAtTheNextStart(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        TestServer.start(data).close();
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var files = Files.list(data)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }

        try (TestServer _ = TestServer.start(data)) {
            assertOwnerOnly(data);
        }
    }

    @Test
    void withoutATerminalSecretsGoToAFileThatIsNamed(@TempDir Path folder) throws Exception {
        Map<String, String> settings = Map.of("heliograph.data", folder.toString(), "heliograph.port", "0");
        Path file = folder.resolve("first-run.txt");
        String key;
        String link;
        try (Server server = Server.start(settings)) {
            String printed = announced(server);
            assertThat(printed).contains(file.toString(), server.url()).doesNotContain("hk_", "code=");
            assertThat(permissions(file)).isEqualTo("rw-------");
            key = found("hk_\\w+", file);
            link = found("http\\S+#code=\\S+", file);
            assertThat(new TestClient(server.url(), Optional.of(key))
                            .get("/v1/whoami")
                            .status())
                    .isEqualTo(200);
        }
        try (Server server = Server.start(settings)) {
            assertThat(announced(server)).contains(file.toString()).doesNotContain("hk_", "code=");
            assertThat(found("hk_\\w+", file)).isEqualTo(key);
            assertThat(found("http\\S+#code=\\S+", file)).isNotEqualTo(link);
            Files.delete(file);
        }
        try (Server server = Server.start(settings)) {
            announced(server);
            assertThat(file).content(UTF_8).contains("#code=").doesNotContain("hk_");
        }
    }

    private static String announced(Server server) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        server.announce(new PrintStream(out, true, UTF_8), FirstRun.into(server.folder()));
        return out.toString(UTF_8);
    }

    private static String found(String pattern, Path file) throws IOException {
        return java.util.regex.Pattern.compile(pattern)
                .matcher(Files.readString(file, UTF_8))
                .results()
                .findFirst()
                .orElseThrow()
                .group();
    }

    @Test
    void nodesOfOneDatabaseHaveOneTokenSecret(@TempDir Path folder) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            String url = "heliograph.database-url=" + postgres.getJdbcUrl("postgres", "postgres");
            try (TestServer one = TestServer.start(folder.resolve("one"), url, SECRET);
                    TestServer other = TestServer.start(folder.resolve("other"), url, SECRET)) {
                assertThat(other.as(one.token("acme", "ada", Role.VIEWER))
                                .get("/v1/whoami")
                                .status())
                        .isEqualTo(200);
                for (List<String> settings : List.of(List.of(url, OTHER), List.of(url))) {
                    assertThatThrownBy(() -> TestServer.start(folder.resolve("third"), settings.toArray(String[]::new))
                                    .close())
                            .satisfies(failure -> assertThat(
                                            StartFailures.explain(failure).orElseThrow())
                                    .contains("heliograph.token-secret differs", "rotate-token-secret")
                                    .doesNotContain("9876543210"));
                }
            }
            rotate(folder.resolve("one"), url, OTHER);
            TestServer.start(folder.resolve("third"), url, OTHER).close();
            assertThatThrownBy(() ->
                            TestServer.start(folder.resolve("one"), url, SECRET).close())
                    .isNotNull();
        }
    }

    private static void rotate(Path data, String... settings) {
        for (String setting : settings) {
            System.setProperty(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        try {
            assertThat(CommandLineInterface.run("rotate-token-secret", "--data", data.toString()))
                    .isZero();
        } finally {
            for (String setting : settings) {
                System.clearProperty(setting.substring(0, setting.indexOf('=')));
            }
        }
    }

    @Test
    void theSecretOfAnEmbeddedDatabaseMayBeDeletedToEndAllTokens(@TempDir Path folder) throws Exception {
        String token;
        try (TestServer server = TestServer.start(folder)) {
            token = server.token("acme", "ada", Role.VIEWER);
        }
        Files.delete(folder.resolve("token-secret"));

        try (TestServer server = TestServer.start(folder)) {
            assertThat(server.as(token).get("/v1/whoami").code()).isEqualTo("token_invalid");
        }
    }
}
