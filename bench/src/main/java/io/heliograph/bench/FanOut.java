package io.heliograph.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * Deliveries under load. All servers of a round run side by side with their sockets open and take turns of a few
 * seconds: while one works the others sleep.
 */
final class FanOut {
    private static final Duration LEAD_IN = Duration.ofMillis(300);

    private final BenchContext context;
    private final Load load;
    private final Duration warmUp;
    private final Duration turn;
    private final int rounds;
    private final int turns;

    /** What is published: {@code inFlight} each from as many publishers, or {@code perSecond} deliveries. */
    record Load(String scenario, int sockets, int publishers, double perSecond, boolean random) {
        static Load closed(int sockets, int inFlight) {
            return new Load("fanout " + sockets + "x" + inFlight, sockets, inFlight, 0, false);
        }

        static Load paced(int sockets, int perSecond, boolean random) {
            String name = "paced " + sockets + "@" + perSecond + (random ? " random" : "");
            return new Load(name, sockets, 8, perSecond, random);
        }

        void start(RoomClients roomClients, int seed) {
            if (perSecond > 0) {
                roomClients.startPaced(perSecond / sockets, random ? new Random(seed) : null);
            } else {
                roomClients.startClosed(1);
            }
        }
    }

    FanOut(BenchContext context, Load load) {
        this.context = context;
        this.load = load;
        boolean quick = context.options().quick();
        this.warmUp = Duration.ofSeconds(quick ? 3 : 6);
        this.turn = Duration.ofSeconds(quick ? 1 : 3);
        this.rounds = quick ? 1 : 2;
        this.turns = quick ? 3 : 5;
    }

    void run() {
        for (int round = 0; round < rounds; round++) {
            runRound(round);
        }
    }

    private void runRound(int round) {
        List<Running> running = new ArrayList<>();
        try {
            for (Peer peer : context.peers()) {
                Running next = new Running(context, peer, load.publishers());
                running.add(next);
                next.ensureOpen(load.sockets());
                measure(next, warmUp, 0);
                next.restUnless(sideBySide());
            }
            for (int turnNumber = 0; turnNumber < turns; turnNumber++) {
                int pair = round * turns + turnNumber;
                for (Running next : running) {
                    next.ensureOpen(load.sockets());
                    context.add(new Sample(load.scenario(), next.name(), pair, measure(next, turn, pair)));
                    next.restUnless(sideBySide());
                }
            }
        } finally {
            running.forEach(Running::close);
        }
    }

    private boolean sideBySide() {
        return context.peers().size() * load.sockets() <= context.mostSockets();
    }

    private Map<String, Double> measure(Running running, Duration duration, int seed) {
        RoomClients roomClients = running.roomClients();
        load.start(roomClients, seed);
        BenchContext.pause(LEAD_IN);
        Probe before = roomClients.openWindow(() -> Probe.of(running.process()));
        BenchContext.pause(duration);
        RoomClients.Measured<Probe> after = roomClients.closeWindow(() -> Probe.of(running.process()));
        roomClients.drain();
        return values(after.window(), before, after.probe());
    }

    private static Map<String, Double> values(Traffic.Window window, Probe before, Probe after) {
        double wall = after.nanos() - before.nanos();
        ProcessProbe.Cpu server = after.server().since(before.server());
        ProcessProbe.Cpu generator = after.generator().since(before.generator());
        double delivered = window.delivered();
        Map<String, Double> values = new HashMap<>();
        values.put("cpuMicros", server.nanos() / delivered / 1e3);
        values.put("userMicros", server.userNanos() / delivered / 1e3);
        values.put("systemMicros", server.systemNanos() / delivered / 1e3);
        values.put("generatorMicros", generator.nanos() / delivered / 1e3);
        values.put("serverBusy", server.nanos() / wall);
        values.put("generatorBusy", generator.nanos() / wall);
        values.put("deliveriesPerSecond", delivered / wall * 1e9);
        values.put("misordered", (double) window.misordered());
        values.put("sendLagMillis", window.latestSendLagNanos() / 1e6);
        putLatencies(values, window.latencies());
        return values;
    }

    private static void putLatencies(Map<String, Double> values, Histogram latencies) {
        values.put("p50Millis", latencies.getValueAtPercentile(50) / 1e6);
        values.put("p90Millis", latencies.getValueAtPercentile(90) / 1e6);
        values.put("p99Millis", latencies.getValueAtPercentile(99) / 1e6);
        values.put("p999Millis", latencies.getValueAtPercentile(99.9) / 1e6);
        values.put("maxMillis", latencies.getMaxValue() / 1e6);
    }

    private record Probe(long nanos, ProcessProbe.Cpu server, ProcessProbe.Cpu generator) {
        static Probe of(PeerProcess process) {
            return new Probe(
                    System.nanoTime(),
                    process.cpu(),
                    ProcessProbe.cpu(ProcessHandle.current().pid()));
        }
    }

    /** One server of a round with its clients, which are closed between turns when not all fit at once. */
    private static final class Running implements AutoCloseable {
        private final BenchContext context;
        private final PeerProcess process;
        private final int publishers;
        private RoomClients roomClients;

        Running(BenchContext context, Peer peer, int publishers) {
            this.context = context;
            this.publishers = publishers;
            this.process = context.start(peer);
            this.roomClients = context.roomClients(process, publishers);
        }

        String name() {
            return process.peer().name();
        }

        PeerProcess process() {
            return process;
        }

        RoomClients roomClients() {
            return roomClients;
        }

        void ensureOpen(int sockets) {
            if (roomClients.size() < sockets) {
                roomClients.open(sockets);
            }
        }

        void restUnless(boolean sideBySide) {
            if (!sideBySide) {
                roomClients.close();
                roomClients = context.roomClients(process, publishers);
            }
        }

        @Override
        public void close() {
            try {
                roomClients.close();
            } finally {
                process.close();
            }
        }
    }
}
