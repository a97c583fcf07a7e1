package io.heliograph.server.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as the operator sees it: its output and its exit. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class ProcessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void aServerThatIsToldToEndEndsQuietly() throws Exception {
        Process server =
                start("serve", "--port", "0", "--data", folder.resolve("data").toString());
        await().atMost(PATIENCE).until(() -> out().contains("ready in"));

        server.destroy();

        assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(143);
        assertThat(out()).doesNotContain("Exception", "\tat ", "WARN", "ERROR", "/sign-in#code=", "hk_");
        assertThat(out()).containsPattern("(?s)first-run\\.txt.*ready in \\d+\\.\\d s at http://127\\.0\\.0\\.1:\\d+");
        assertThat(folder.resolve("data/first-run.txt")).content(UTF_8).contains("/sign-in#code=", "hk_");
        assertThat(err()).isEmpty();
    }

    @Test
    void theLogIsOneJsonObjectALineWhenThatIsAskedFor() throws Exception {
        Process server = start(
                Map.of("HELIOGRAPH_LOG_FORMAT", "json"),
                "serve",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());
        await().atMost(PATIENCE).until(() -> out().contains("ready in"));

        server.destroy();

        assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(out().lines().filter(line -> line.contains("ready in")))
                .singleElement()
                .satisfies(line ->
                        assertThat(Json.mapper().readTree(line).get("level")).hasToString("\"INFO\""));
    }

    @Test
    void aServerThatCannotStartSaysWhyInOneLineAndEndsWithOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            Process server =
                    start("--port", port, "--data", folder.resolve("data").toString());

            assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isEqualTo(1);
            assertThat(err()).isEqualTo("heliograph: port " + port + " is taken; choose another with --port\n");
            assertThat(out()).isEmpty();
        }
    }

    private Process start(String... args) throws IOException {
        return start(Map.of(), args);
    }

    private Process start(Map<String, String> environment, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HeliographApplication.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String out() throws IOException {
        return read("out");
    }

    private String err() throws IOException {
        return read("err");
    }

    private String read(String name) throws IOException {
        try (InputStream input = Files.newInputStream(folder.resolve(name))) {
            return new String(input.readAllBytes(), UTF_8);
        }
    }
}
