package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A Redis server of the test's own on a free port of 127.0.0.1, which keeps nothing. Used by one thread. */
final class TestRedis implements AutoCloseable {
    private final int port;
    private final List<String> options;
    private @Nullable Process process;

    private TestRedis(int port, List<String> options) {
        this.port = port;
        this.options = options;
    }

    /** Starts one with further {@code options}, such as {@code --requirepass x}. */
    static TestRedis start(String... options) {
        TestRedis redis = new TestRedis(freePort(), List.of(options));
        redis.startAgain();
        return redis;
    }

    /** Starts one that is a Sentinel, with a configuration that it rewrites. */
    static TestRedis startSentinel(Path configuration) {
        TestRedis sentinel = new TestRedis(freePort(), List.of("--sentinel"));
        sentinel.run(List.of(
                "redis-server",
                configuration.toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                "" + sentinel.port,
                "--sentinel"));
        return sentinel;
    }

    /** A free port of this machine, at the time of the call. */
    static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** On the same port as before. */
    void startAgain() {
        startAgain(options);
    }

    /** On the same port as before, with other options. */
    void startAgain(List<String> options) {
        List<String> command = new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1", "--port", "" + port));
        command.addAll(List.of("--save", "", "--appendonly", "no"));
        command.addAll(options);
        run(command);
    }

    private void run(List<String> command) {
        try {
            Path log = Files.createTempFile("redis", ".log");
            Process started = new ProcessBuilder(command)
                    .directory(new File(System.getProperty("java.io.tmpdir"))) // a replica writes a dump there
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

    /** Sends a command, such as {@code CLIENT KILL TYPE pubsub}, and returns the first line of the answer. */
    String command(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The whole answer to a command. */
    String answer(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            // It answers, and then notices the end. A Sentinel has no QUIT.
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** How often it has run a command, such as {@code ping}. */
    long commandStatistics(String command) {
        Matcher calls = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(answer("INFO commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    RedisAddress address() {
        return address("redis://127.0.0.1:" + port);
    }

    static RedisAddress address(String url) {
        return RedisAddress.parse(url).orElseThrow();
    }

    int port() {
        return port;
    }

    /** As {@code kill -9} of its process. */
    void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** It keeps its connections and answers nothing, until {@link #resume}. */
    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            if (process != null) {
                new ProcessBuilder("kill", signal, "" + process.pid())
                        .start()
                        .onExit()
                        .join();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
