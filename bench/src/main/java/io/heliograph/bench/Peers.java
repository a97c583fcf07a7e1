package io.heliograph.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The servers under test and how each is started; both Java ones with the same settings of the machine. */
final class Peers {
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-Xmx1g",
            "-XX:+UseCompactObjectHeaders",
            // Nearly all of a delivery is kernel time, and a fresh process bears the cost of every compilation.
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private Peers() {}

    /** Those of {@code options} in the order in which they take turns. */
    static List<Peer> of(Options options) {
        String classPath = System.getProperty("java.class.path");
        Path directory = options.peerDirectory().toAbsolutePath();
        Path nettySocketIo = directory.resolve("work/netty-socketio");
        List<Peer> peers = new ArrayList<>(List.of(
                new Peer(Peer.OURS, java(options, classPath, "io.heliograph.bench.BenchServer")),
                new Peer(
                        Peer.NODE,
                        List.of(
                                "node",
                                "--expose-gc",
                                directory.resolve("node/server.js").toString())),
                new Peer(
                        Peer.NETTY_SOCKETIO,
                        java(options, nettySocketIo + "/classes:" + nettySocketIo + "/lib/*", "NettySocketIoPeer")),
                new Peer(Peer.BARE, java(options, classPath, "io.heliograph.bench.BareServer"))));
        peers.removeIf(peer -> !options.peers().contains(peer.name()));
        if (options.peers().contains(Peer.NODE) && !Files.isDirectory(directory.resolve("node/node_modules"))) {
            throw new IllegalStateException("the peers are not installed; start with bench/run");
        }
        return peers;
    }

    private static List<String> java(Options options, String classPath, String main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(options.jvm());
        command.addAll(List.of("-cp", classPath, main));
        return command;
    }
}
