package io.heliograph.bench;

import java.time.Duration;
import java.util.Map;

/**
 * Memory of idle sockets in a fresh process: after the start, with half the sockets, with all of them; each time after
 * a full collection.
 */
final class Idle {
    static final String SCENARIO = "idle";

    private final Stage stage;
    private final int sockets;
    private final int rounds;

    Idle(Stage stage) {
        this.stage = stage;
        this.sockets = Math.min(10_000, stage.mostSockets() / 2);
        this.rounds = stage.options().quick() ? 1 : 3;
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
            Memory none = settled(process);
            swarm.open(sockets);
            Memory first = settled(process);
            int all = Math.min(2 * sockets, stage.mostSockets());
            swarm.open(all);
            Memory second = settled(process);
            double more = all - sockets;
            return Map.of(
                    "startMegabytes", none.resident() / 1e6,
                    "sockets", (double) sockets,
                    "residentPerSocket", (first.resident() - none.resident()) / (double) sockets,
                    "heapPerSocket", (first.heap() - none.heap()) / (double) sockets,
                    "moreSockets", more,
                    "residentPerMoreSocket", (second.resident() - first.resident()) / more,
                    "heapPerMoreSocket", (second.heap() - first.heap()) / more);
        }
    }

    private static Memory settled(PeerProcess process) {
        Stage.pause(Duration.ofSeconds(1));
        process.collect();
        Stage.pause(Duration.ofSeconds(1));
        long heap = process.collect();
        return new Memory(process.residentBytes(), heap);
    }

    private record Memory(long resident, long heap) {}
}
