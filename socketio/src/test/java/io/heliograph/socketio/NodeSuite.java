package io.heliograph.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs a suite of {@code web/peers} in Node against a server of this process, and shows each of its tests as one of ours.
 */
final class NodeSuite {

    private static final Pattern RESULT = Pattern.compile("^(ok|not ok) \\d+ - (.*?)( # .*)?$");
    private static final int DEADLINE_SECONDS = 120;

    private NodeSuite() {}

    static Stream<DynamicTest> run(String suite, InetSocketAddress server) throws IOException, InterruptedException {
        return run(suite, server, Map.of());
    }

    static Stream<DynamicTest> run(String suite, InetSocketAddress server, Map<String, String> environment)
            throws IOException, InterruptedException {
        String output = output(suite, server, environment);
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : output.lines().toList()) {
            Matcher result = RESULT.matcher(line);
            if (result.matches()) {
                boolean passed = result.group(1).equals("ok");
                tests.add(DynamicTest.dynamicTest(
                        result.group(2), () -> assertThat(passed).as(output).isTrue()));
            }
        }
        assertThat(tests).as("tests of %s; its output:%n%s", suite, output).isNotEmpty();
        return tests.stream();
    }

    private static String output(String suite, InetSocketAddress server, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path peers = Path.of("..", "web", "peers").toAbsolutePath().normalize();
        if (!Files.isDirectory(peers.resolveSibling("node_modules").resolve("socket.io-client"))) {
            throw new IllegalStateException("the stock clients are missing: run `npm ci` in web/");
        }
        ProcessBuilder command = new ProcessBuilder(
                        "node",
                        "--test-reporter=tap",
                        "--test-force-exit",
                        "--test-timeout=30000",
                        "--test",
                        "src/" + suite + ".test.mjs")
                .directory(peers.toFile())
                .redirectErrorStream(true);
        command.environment().put("SERVER_URL", "http://127.0.0.1:" + server.getPort());
        command.environment().putAll(environment);
        Process node = start(command);
        try (InputStream output = node.getInputStream()) {
            byte[] bytes = output.readAllBytes();
            assertThat(node.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return new String(bytes, StandardCharsets.UTF_8);
        } finally {
            node.destroyForcibly();
        }
    }

    private static Process start(ProcessBuilder command) {
        try {
            return command.start();
        } catch (IOException e) {
            throw new IllegalStateException("node is missing from the PATH: install Node 20 or later", e);
        }
    }
}
