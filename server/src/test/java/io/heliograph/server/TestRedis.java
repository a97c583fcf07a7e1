package io.heliograph.server;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A Redis server of the test's own on a free port of 127.0.0.1, which keeps nothing. Used by one thread. */
public final class TestRedis implements AutoCloseable {
    private final int port;
    private @Nullable Process process;

    private TestRedis(int port) {
        this.port = port;
    }

    /** Returns when it answers. */
    public static TestRedis start() {
        TestRedis redis = new TestRedis(freePort());
        redis.startAgain();
        return redis;
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** On the same port as before. */
    public void startAgain() {
        List<String> command = new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1", "--port", "" + port));
        command.addAll(List.of("--save", "", "--appendonly", "no"));
        try {
            Path log = Files.createTempFile("redis", ".log");
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process = started;
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                if (!started.isAlive()) {
                    fail("redis-server ended: %s", Files.readString(log));
                }
                return answers();
            });
            Files.delete(log);
        } catch (IOException failure) {
            fail("redis-server cannot be run, and this test needs it (Debian: apt-get install redis-server)", failure);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            int first = in.read();
            return first == '+' || first == '-';
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As {@code heliograph.bus} wants it. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** As {@code kill -9} of its process. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
