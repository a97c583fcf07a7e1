package io.heliograph.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running {@link Peer}, pinned to one core.
 *
 * <p>It ends with {@link #close}, and also when the bench dies: its input ends then.
 */
final class PeerProcess implements AutoCloseable {
    private static final long ANSWER_SECONDS = 60;
    private static final long END_SECONDS = 20;

    private final Peer peer;
    private final Process process;
    private final BufferedReader output;
    private final int port;

    private PeerProcess(Peer peer, Process process, BufferedReader output, int port) {
        this.peer = peer;
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Starts {@code peer} on core {@code core} and returns when it listens; its error output goes to a log. */
    static PeerProcess start(Peer peer, int core, Path logs) {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        command.addAll(peer.command());
        File log = logs.resolve("peer-" + peer.name() + ".log").toFile();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            try {
                int port = Integer.parseInt(answer(peer, output, "listening "));
                return new PeerProcess(peer, process, output, port);
            } catch (RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + peer.name(), e);
        }
    }

    Peer peer() {
        return peer;
    }

    int port() {
        return port;
    }

    ProcessProbe.Cpu cpu() {
        return ProcessProbe.cpu(process.pid());
    }

    long residentBytes() {
        return ProcessProbe.residentBytes(process.pid());
    }

    /** Live bytes of its heap after a full collection. */
    long collect() {
        try {
            process.outputWriter().write("gc\n");
            process.outputWriter().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(peer.name() + " does not take a command", e);
        }
        return Long.parseLong(answer(peer, output, "heap "));
    }

    @Override
    public void close() {
        try {
            process.outputWriter().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String answer(Peer peer, BufferedReader output, String prefix) {
        try {
            return CompletableFuture.supplyAsync(
                            () -> readAnswer(peer, output, prefix),
                            task -> Thread.ofVirtual().start(task))
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new PeerFaultException(peer.name() + " said no '" + prefix + "' for " + ANSWER_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new PeerFaultException(peer.name() + " is of no use: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
    }

    private static String readAnswer(Peer peer, BufferedReader output, String prefix) {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length()).strip();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new PeerFaultException(peer.name() + " ended early; see its log");
    }
}
