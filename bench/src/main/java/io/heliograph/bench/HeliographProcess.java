package io.heliograph.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole server as a separate process, on SQLite in a new folder, pinned to one core, with its defaults except for
 * the limit of sockets per member.
 *
 * <p>It ends with {@link #close}, and when the bench ends.
 */
final class HeliographProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready in \\S+ s at http://127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern KEY = Pattern.compile("\\bhk_\\w+");
    /** As {@code ./heliograph up} starts it. */
    private static final List<String> JVM =
            List.of("-XX:+UseCompactObjectHeaders", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=10");

    private static final Duration POLL = Duration.ofMillis(10);
    private static final long START_SECONDS = 90;
    private static final long END_SECONDS = 20;

    private final List<String> java;
    private final Path folder;
    private final Process process;
    private final Thread atExit;
    private final int port;
    private final double secondsUntilReady;
    private final Map<String, String> tokens = new HashMap<>();

    private HeliographProcess(List<String> java, Path folder, Process process, Thread atExit, Ready ready) {
        this.java = java;
        this.folder = folder;
        this.process = process;
        this.atExit = atExit;
        this.port = Integer.parseInt(first(READY, ready.output(), 1));
        this.secondsUntilReady = ready.seconds();
    }

    private record Ready(String output, double seconds) {}

    /**
     * Starts {@code jar} on core {@code core} with its data in {@code folder}, and returns when it is ready; what it
     * prints goes to {@code log}.
     */
    static HeliographProcess start(Path jar, List<String> jvm, int core, Path folder, File log) {
        if (!Files.exists(jar)) {
            throw new PeerFaultException("there is no " + jar + "; start with bench/run, which builds it");
        }
        List<String> java = new ArrayList<>(List.of(
                "taskset",
                "-c",
                Integer.toString(core),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g"));
        List<String> command = new ArrayList<>(java);
        command.addAll(JVM);
        command.addAll(jvm);
        List<String> server = List.of("-jar", jar.toString());
        command.addAll(server);
        // A command of the launcher ends within seconds: the optimising compiler would only take time.
        java.add("-XX:TieredStopAtLevel=1");
        java.addAll(server);
        command.addAll(List.of("serve", "--port", "0", "--data", folder.toString()));
        return start(command, Map.of("HELIOGRAPH_GATEWAY_MAX_SOCKETS_PER_MEMBER", "20000"), java, folder, log);
    }

    /** {@code launcher up}, as an operator starts it: all defaults, on the cores {@code cores}. It runs no commands. */
    static HeliographProcess up(Path launcher, String cores, Path folder, File log) {
        List<String> command = List.of(
                "taskset",
                "-c",
                cores,
                launcher.toAbsolutePath().toString(),
                "up",
                "--port",
                "0",
                "--data",
                folder.toString());
        return start(command, Map.of(), List.of(), folder, log);
    }

    private static HeliographProcess start(
            List<String> command, Map<String, String> environment, List<String> java, Path folder, File log) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
        builder.environment().putAll(environment);
        long begun = System.nanoTime();
        try {
            Process process = builder.start();
            Thread atExit = new Thread(process::destroyForcibly);
            Runtime.getRuntime().addShutdownHook(atExit);
            try {
                String output = untilReady(process, log);
                Ready ready = new Ready(output, (System.nanoTime() - begun) / 1e9);
                return new HeliographProcess(java, folder, process, atExit, ready);
            } catch (RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the server does not start", e);
        }
    }

    int port() {
        return port;
    }

    /** From the start of the process until it reported that it is ready. */
    double secondsUntilReady() {
        return secondsUntilReady;
    }

    /** The folder of its database. */
    Path folder() {
        return folder;
    }

    /** Recomputes the counters of its workspaces. */
    void recount() {
        command("recount");
    }

    /** The API key of the workspace {@code default}, which may do everything. */
    String firstKey() {
        try {
            return first(KEY, Files.readString(folder.resolve("first-run.txt")), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("the server wrote no first-run.txt", e);
        }
    }

    /** A new API key that may do everything in {@code workspace}. */
    String key(String workspace) {
        return command("key", "--workspace", workspace, "--name", "bench");
    }

    /** The token with which a member follows {@code workspace}. */
    String token(String workspace) {
        return tokens.computeIfAbsent(workspace, slug -> token(slug, "bench", "viewer"));
    }

    /** The token of a member of {@code workspace}, which is made with this role when there is none. */
    String token(String workspace, String member, String role) {
        return command("token", "--workspace", workspace, "--member", member, "--role", role, "--ttl", "12h");
    }

    ProcessProbe.Cpu cpu() {
        return ProcessProbe.cpu(process.pid());
    }

    long residentBytes() {
        return ProcessProbe.residentBytes(process.pid());
    }

    /** The most memory that was ever resident. */
    long peakResidentBytes() {
        return ProcessProbe.peakResidentBytes(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String command(String... arguments) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", folder.toString()));
        try {
            Process running = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (running.waitFor() != 0) {
                throw new PeerFaultException("the command " + arguments[0] + " failed");
            }
            return printed.strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the command " + arguments[0] + " does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
    }

    private static String untilReady(Process process, File log) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline) {
            boolean alive = process.isAlive();
            String printed = Files.readString(log.toPath());
            if (READY.matcher(printed).find()) {
                return printed;
            }
            if (!alive) {
                throw new PeerFaultException("the server ended early: " + printed);
            }
            BenchContext.pause(POLL);
        }
        throw new PeerFaultException("the server was not ready after " + START_SECONDS + " s; see " + log);
    }

    private static String first(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new PeerFaultException("the server printed nothing like " + pattern);
        }
        return matcher.group(group);
    }
}
