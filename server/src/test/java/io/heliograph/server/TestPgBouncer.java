package io.heliograph.server;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** PgBouncer in transaction mode on a free port of 127.0.0.1, before a PostgreSQL. Used by one thread. */
final class TestPgBouncer implements AutoCloseable {
    private final Process process;
    private final int port;

    private TestPgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns when it accepts connections. */
    static TestPgBouncer start(Path folder, int postgresPort) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path configuration = Files.writeString(folder.resolve("pgbouncer.ini"), """
                [databases]
                * = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 5
                ignore_startup_parameters = extra_float_digits
                """.formatted(postgresPort, port));
        List<String> command = new ArrayList<>(List.of("pgbouncer"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody")); // it refuses to run as root
        }
        command.add(configuration.toString());
        Path log = folder.resolve("pgbouncer.log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                if (!process.isAlive()) {
                    fail("pgbouncer ended: %s", Files.readString(log));
                }
                return accepts(port);
            });
            return new TestPgBouncer(process, port);
        } catch (IOException failure) {
            return fail("pgbouncer cannot be run, and this test needs it (Debian: apt-get install pgbouncer)", failure);
        }
    }

    private static boolean accepts(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
