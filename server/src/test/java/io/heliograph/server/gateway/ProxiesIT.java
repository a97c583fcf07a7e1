package io.heliograph.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.heliograph.server.fixtures.TestClient;
import io.heliograph.server.fixtures.TestRedis;
import io.heliograph.server.fixtures.TestServer;
import io.heliograph.server.workspaces.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations in docs/proxies, in front of two nodes, with stock Socket.IO clients on all transports. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class ProxiesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SUITE_SECONDS = 120;

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;
    private static TestRedis redis;
    private static TestServer one;
    private static TestServer two;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        redis = TestRedis.start();
        one = node("node1");
        two = node("node2");
    }

    @AfterAll
    static void stop() throws IOException {
        two.close();
        one.close();
        redis.close();
        postgres.close();
    }

    private static TestServer node(String id) {
        return TestServer.start(
                folder.resolve(id),
                "heliograph.database-url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "heliograph.token-secret=" + "0123456789".repeat(4),
                "heliograph.bus=" + redis.url(),
                "heliograph.gateway.node-id=" + id);
    }

    @Test
    void behindNginxClientsWithoutCookiesMissNothing() throws Exception {
        try (Proxy proxy = nginx(configuration("nginx.conf"))) {
            assertSuitePasses(proxy, false);
        }
    }

    @Test
    void behindHaproxyClientsWithoutCookiesMissNothing() throws Exception {
        try (Proxy proxy = haproxy(configuration("haproxy.cfg"))) {
            assertSuitePasses(proxy, false);
        }
    }

    /** Many load balancers can route by a cookie only. */
    @Test
    void theCookieAloneKeepsClientsThatKeepCookiesOnTheirNode() throws Exception {
        String byCookie = configuration("haproxy.cfg")
                .lines()
                .filter(line -> !line.contains("use-server"))
                .reduce("", (all, line) -> all + line + "\n");
        try (Proxy proxy = haproxy(byCookie)) {
            assertSuitePasses(proxy, true);
        }
    }

    @Test
    void anUnknownSessionIsAnsweredAsNodeDoesWithAHint() {
        TestClient.Answer answer = one.anonymous().get("/socket.io/?EIO=4&transport=polling&sid=node2.x");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
        assertThat(answer.header("Engine-IO-Hint"))
                .hasValueSatisfying(hint -> assertThat(hint).contains("Behind a proxy"));
    }

    @Test
    void theHandshakeSetsTheCookieOfTheNode() {
        TestClient.Answer answer = two.anonymous().get("/socket.io/?EIO=4&transport=polling");

        assertThat(answer.header("Set-Cookie")).contains("heliograph_node=node2; Path=/; HttpOnly; SameSite=Lax");
    }

    private static String configuration(String name) throws IOException {
        return Files.readString(Path.of("..", "docs", "proxies", name), UTF_8);
    }

    private static Proxy nginx(String configuration) throws IOException {
        return Proxy.start(
                configuration,
                file -> List.of(
                        "nginx",
                        "-p",
                        folder.toString(),
                        "-c",
                        file.toString(),
                        "-e",
                        "stderr",
                        "-g",
                        "daemon off; error_log stderr; pid " + folder.resolve("nginx.pid") + ";"));
    }

    private static Proxy haproxy(String configuration) throws IOException {
        return Proxy.start(configuration, file -> List.of("haproxy", "-db", "-f", file.toString()));
    }

    private static void assertSuitePasses(Proxy proxy, boolean cookies) throws Exception {
        Path peers = Path.of("..", "web", "peers").toAbsolutePath().normalize();
        if (!Files.isDirectory(peers.resolveSibling("node_modules").resolve("socket.io-client"))) {
            throw new IllegalStateException("the stock clients are missing: run `npm ci` in web/");
        }
        ProcessBuilder command = new ProcessBuilder(
                        "node", "--test-force-exit", "--test-timeout=60000", "--test", "src/proxies.test.mjs")
                .directory(peers.toFile())
                .redirectErrorStream(true);
        command.environment().put("SERVER_URL", "http://127.0.0.1:" + proxy.port);
        command.environment().put("MEMBER_TOKEN", one.token("acme", "ada", Role.VIEWER));
        command.environment().put("AGENT_KEY", one.key("acme", "agent"));
        command.environment().put("WITH_COOKIES", cookies ? "yes" : "no");
        double before = sessions(one);
        double beforeTwo = sessions(two);
        Process node = command.start();
        try (InputStream output = node.getInputStream()) {
            String text = new String(output.readAllBytes(), UTF_8);
            assertThat(node.waitFor(SUITE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).as(text).isZero();
        } finally {
            node.destroyForcibly();
        }
        assertThat(sessions(one)).as("both nodes have had clients").isGreaterThan(before);
        assertThat(sessions(two)).as("both nodes have had clients").isGreaterThan(beforeTwo);
    }

    /** Clients that have connected to a node so far. */
    private static double sessions(TestServer node) {
        return node.anonymous()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("heliograph_gateway_recoveries_total{outcome=\"fresh\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** A proxy on a free port, in front of the two nodes. */
    private record Proxy(Process process, int port) implements AutoCloseable {
        @FunctionalInterface
        private interface Command {
            List<String> of(Path file);
        }

        static Proxy start(String configuration, Command command) throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            String placed = configuration
                    .replace("127.0.0.1:8080", "127.0.0.1:" + port)
                    .replace("127.0.0.1:8081", "127.0.0.1:" + one.port())
                    .replace("127.0.0.1:8082", "127.0.0.1:" + two.port());
            Path file = Files.writeString(Files.createTempFile(folder, "proxy", ".conf"), placed, UTF_8);
            List<String> words = command.of(file);
            Process process = started(words);
            await().atMost(PATIENCE).until(() -> {
                if (!process.isAlive()) {
                    fail(
                            "%s ended: %s",
                            words, new String(process.getInputStream().readAllBytes(), UTF_8));
                }
                return answers(port);
            });
            return new Proxy(process, port);
        }

        private static Process started(List<String> words) {
            try {
                return new ProcessBuilder(words).redirectErrorStream(true).start();
            } catch (IOException failure) {
                throw new IllegalStateException(
                        words.getFirst() + " cannot be run, and this test needs it (Debian: apt-get install "
                                + words.getFirst() + ")",
                        failure);
            }
        }

        private static boolean answers(int port) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(UTF_8));
                String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
                return answer.startsWith("HTTP/1.1 200");
            } catch (IOException _) {
                return false;
            }
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
