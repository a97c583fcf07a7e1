package io.heliograph.bench;

import java.time.Duration;
import java.util.Map;

/** The CPU time it takes a fresh process to accept ten thousand clients, its warm-up included. */
final class Connecting {
    static final String SCENARIO = "connect";

    private final Stage stage;
    private final int sockets;
    private final int rounds;

    Connecting(Stage stage) {
        this.stage = stage;
        this.sockets = Math.min(10_000, stage.mostSockets());
        this.rounds = stage.options().quick() ? 2 : 5;
    }

    void run() {
        for (int round = 0; round < rounds; round++) {
            for (Peer peer : stage.peers()) {
                stage.add(new Sample(SCENARIO, peer.name(), round, measure(peer)));
            }
        }
    }

    private Map<String, Double> measure(Peer peer) {
        try (PeerProcess process = stage.start(peer);
                Swarm swarm = stage.swarm(process, 1)) {
            Stage.pause(Duration.ofSeconds(1));
            ProcessProbe.Cpu before = process.cpu();
            long start = System.nanoTime();
            swarm.open(sockets);
            double seconds = (System.nanoTime() - start) / 1e9;
            ProcessProbe.Cpu opened = process.cpu().since(before);
            // Deferred work of the process (compiling, collecting) is included in the cost.
            Stage.pause(Duration.ofSeconds(1));
            ProcessProbe.Cpu settled = process.cpu().since(before);
            return Map.of(
                    "sockets", (double) sockets,
                    "startCpuMillis", before.nanos() / 1e6,
                    "cpuMicrosPerConnect", settled.nanos() / 1e3 / sockets,
                    "cpuMicrosUntilOpen", opened.nanos() / 1e3 / sockets,
                    "systemMicrosPerConnect", settled.systemNanos() / 1e3 / sockets,
                    "connectsPerSecond", sockets / seconds);
        }
    }
}
