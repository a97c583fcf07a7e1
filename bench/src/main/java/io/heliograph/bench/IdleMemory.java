package io.heliograph.bench;

import java.time.Duration;
import java.util.Map;

/**
 * Memory of idle sockets in a fresh process: after the start, with half the sockets, with all of them; each time after
 * a full collection.
 */
final class IdleMemory {
    static final String SCENARIO = "idle";

    private final BenchContext context;
    private final int sockets;
    private final int rounds;

    IdleMemory(BenchContext context) {
        this.context = context;
        this.sockets = Math.min(10_000, context.mostSockets() / 2);
        this.rounds = context.options().quick() ? 1 : 3;
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
                RoomClients clients = context.roomClients(process, 1)) {
            Memory none = settled(process);
            clients.open(sockets);
            Memory first = settled(process);
            int all = Math.min(2 * sockets, context.mostSockets());
            clients.open(all);
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
        BenchContext.pause(Duration.ofSeconds(1));
        process.collect();
        BenchContext.pause(Duration.ofSeconds(1));
        long heap = process.collect();
        return new Memory(process.residentBytes(), heap);
    }

    private record Memory(long resident, long heap) {}
}
