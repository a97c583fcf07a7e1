package io.heliograph.bench;

import java.time.Duration;
import java.util.Map;

/** The CPU time it takes a fresh process to accept ten thousand clients, its warm-up included. */
final class ConnectCost {
    static final String SCENARIO = "connect";

    private final BenchContext context;
    private final int sockets;
    private final int rounds;

    ConnectCost(BenchContext context) {
        this.context = context;
        this.sockets = Math.min(10_000, context.mostSockets());
        this.rounds = context.options().quick() ? 2 : 5;
    }

    void run() {
        for (int round = 0; round < rounds; round++) {
            for (Peer peer : context.peers()) {
                context.add(new Sample(SCENARIO, peer.name(), round, measure(peer)));
            }
        }
    }

    private Map<String, Double> measure(Peer peer) {
        try (PeerProcess process = context.start(peer);
                RoomClients roomClients = context.roomClients(process, 1)) {
            BenchContext.pause(Duration.ofSeconds(1));
            ProcessProbe.Cpu before = process.cpu();
            long start = System.nanoTime();
            roomClients.open(sockets);
            double seconds = (System.nanoTime() - start) / 1e9;
            ProcessProbe.Cpu opened = process.cpu().since(before);
            // Deferred work of the process (compiling, collecting) is included in the cost.
            BenchContext.pause(Duration.ofSeconds(1));
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
