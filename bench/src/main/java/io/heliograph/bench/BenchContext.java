package io.heliograph.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What every scenario needs: the options, the peers, the generator's loop, and where samples go. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as a lost connection
final class BenchContext implements AutoCloseable {
    private final Options options;
    private final List<Peer> peers;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoopGroup otherGroup = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();

    BenchContext(Options options, List<Peer> peers) {
        this.options = options;
        this.peers = List.copyOf(peers);
    }

    Options options() {
        return options;
    }

    List<Peer> peers() {
        return peers;
    }

    PeerProcess start(Peer peer) {
        return PeerProcess.start(peer, options.serverCore(), options.results());
    }

    RoomClients roomClients(PeerProcess peer, int publishers) {
        return new RoomClients(group.next(), peer.port(), publishers);
    }

    EventLoop loop() {
        return group.next();
    }

    /** For clients that must not wait behind the load on {@link #loop}. */
    EventLoop otherLoop() {
        return otherGroup.next();
    }

    /** The whole server, in a new folder. */
    HeliographProcess startServer(String name) {
        return HeliographProcess.start(
                options.server(),
                options.jvm(),
                options.serverCore(),
                newFolder(name),
                options.results().resolve("server-" + name + ".log").toFile());
    }

    /** How many clients one server and this process can hold. */
    int mostSockets() {
        return (int) Math.min(1_000_000, options.openFiles() - 200);
    }

    /** A new, empty folder on the disk that holds the results, removed when the context closes. */
    Path newFolder(String name) {
        try {
            Path folder = Files.createTempDirectory(options.results(), name + "-");
            folders.add(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in " + options.results(), e);
        }
    }

    /** How many sockets storm: 5,000, and in a full run then 10,000, as far as the machine allows. */
    List<Integer> storms() {
        return (options.quick() ? Stream.of(5_000) : Stream.of(5_000, 10_000))
                .map(sockets -> Math.min(sockets, mostSockets() - 500))
                .distinct()
                .toList();
    }

    void add(Sample sample) {
        samples.add(sample);
        StringBuilder line = new StringBuilder();
        sample.values().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(value ->
                        line.append(' ').append(value.getKey()).append('=').append(Numbers.of(value.getValue())));
        System.out.printf("%-28s %-14s %2d %s%n", sample.scenario(), sample.peer(), sample.pair(), line);
    }

    /** Runs one part. A server that fails ends the part and is reported; the other parts still run. */
    void run(String part, Runnable measurement) {
        try {
            measurement.run();
        } catch (PeerFaultException e) {
            String failure = part + ": " + e.getMessage();
            System.out.println(failure);
            failures.add(failure);
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    Samples samples() {
        return new Samples(samples);
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully();
        otherGroup.shutdownGracefully();
        folders.forEach(BenchContext::remove);
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
