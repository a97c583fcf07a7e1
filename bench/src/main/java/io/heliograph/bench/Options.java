package io.heliograph.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the bench was asked to do.
 *
 * <p>Shape: {@code openFiles} is this process' and each server's limit of descriptors; the cores differ;
 * {@code server} is the whole server's jar, and {@code launcher} the command that starts it for an operator; {@code jvm} holds further flags for the Java servers, to try things; {@code jmh} what JMH has
 * measured before.
 */
record Options(
        boolean quick,
        Set<String> only,
        Set<String> peers,
        int serverCore,
        int generatorCore,
        long openFiles,
        Path peerDirectory,
        Path results,
        Path server,
        Path launcher,
        List<String> jvm,
        Optional<Path> jmh) {

    static final Set<String> PARTS =
            Set.of("fanout", "paced", "idle", "connect", "storm", "log", "latency", "commands");

    static Options parse(String[] arguments) {
        boolean quick = false;
        Set<String> only = PARTS;
        Set<String> peers = Set.of(Peer.OURS, Peer.NODE, Peer.NETTY_SOCKETIO, Peer.BARE);
        int serverCore = 0;
        int generatorCore = 1;
        long openFiles = 1024;
        Path peerDirectory = Path.of("bench/peers");
        Path results = Path.of("bench/results");
        Path server = Path.of("server/target/server.jar");
        Path launcher = Path.of("heliograph");
        List<String> jvm = List.of();
        Optional<Path> jmh = Optional.empty();
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (option.equals("--quick")) {
                quick = true;
                continue;
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(option + " is unknown or lacks its value");
            }
            String value = arguments[++i];
            switch (option) {
                case "--only" -> only = value.isEmpty() ? Set.of() : subset(value, PARTS);
                case "--peers" -> peers = subset(value, peers);
                case "--server-core" -> serverCore = Integer.parseInt(value);
                case "--generator-core" -> generatorCore = Integer.parseInt(value);
                case "--open-files" -> openFiles = Long.parseLong(value);
                case "--peer-directory" -> peerDirectory = Path.of(value);
                case "--results" -> results = Path.of(value);
                case "--server" -> server = Path.of(value);
                case "--launcher" -> launcher = Path.of(value);
                case "--jvm" -> jvm = List.of(value.split(" "));
                case "--jmh" -> jmh = Optional.of(Path.of(value));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new Options(
                quick,
                only,
                peers,
                serverCore,
                generatorCore,
                openFiles,
                peerDirectory,
                results,
                server,
                launcher,
                jvm,
                jmh);
    }

    boolean runs(String part) {
        return only.contains(part);
    }

    private static Set<String> subset(String value, Set<String> allowed) {
        Set<String> chosen = new TreeSet<>(Arrays.asList(value.split(",")));
        if (!allowed.containsAll(chosen)) {
            throw new IllegalArgumentException(
                    "'" + value + "' names something that is not among " + new TreeSet<>(allowed));
        }
        return chosen;
    }
}
