package io.heliograph.bench;

import io.heliograph.bench.WorkspaceClients.Window;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * All sockets of one workspace disconnect at once, miss some events, and reconnect at once with their cursors, as stock
 * clients do, while another workspace of the same server receives events at a steady rate.
 */
final class Storm {
    private static final String LIVE = "live";
    /** Warm-up storms that are not counted, because JIT compilation would compete with the storm. */
    private static final int WARM_UP = 2;

    private static final Duration BETWEEN_MISSED = Duration.ofMillis(10);

    private final BenchContext context;
    private final Load load;

    /**
     * The storm, {@code sockets} that miss {@code missed} events; and the workspace that stays, with {@code liveSockets} and
     * {@code livePerSecond} events. It is measured for {@code quiet} before each storm, and left alone for
     * {@code settling} between the drop and the return.
     */
    record Load(
            int sockets,
            int missed,
            int liveSockets,
            double livePerSecond,
            Duration quiet,
            Duration settling,
            int rounds) {
        static Load of(int sockets, boolean quick) {
            return new Load(
                    sockets, 100, 50, 50, Duration.ofSeconds(quick ? 5 : 10), Duration.ofSeconds(2), quick ? 3 : 5);
        }

        String scenario() {
            return "storm %d".formatted(sockets);
        }
    }

    Storm(BenchContext context, Load load) {
        this.context = context;
        this.load = load;
    }

    void run() {
        try (HeliographProcess server = context.startServer("storm")) {
            run(server);
        }
    }

    void run(HeliographProcess server) {
        String token = server.token("default");
        String liveKey = server.key(LIVE);
        try (WorkspaceClients workspaceClients = new WorkspaceClients(context.loop(), server.port(), token);
                WorkspaceClients witness = new WorkspaceClients(context.otherLoop(), server.port(), token);
                WorkspaceClients live = new WorkspaceClients(context.otherLoop(), server.port(), liveKey);
                CommandSender agent = CommandSender.messages(context.otherLoop(), server.port(), server.firstKey());
                CommandSender liveAgent = CommandSender.messages(context.otherLoop(), server.port(), liveKey)) {
            witness.open(1);
            live.open(load.liveSockets());
            workspaceClients.open(load.sockets());
            liveAgent.start(load.livePerSecond());
            Parts parts = new Parts(server, workspaceClients, witness, live, agent, liveAgent);
            for (int i = 0; i < WARM_UP; i++) {
                measure(parts);
            }
            for (int round = 0; round < load.rounds(); round++) {
                context.add(new Sample(load.scenario(), Peer.OURS, round, measure(parts)));
            }
            liveAgent.stop();
        }
    }

    /** One after the other, as agents write, because many commands at once would be an additional load. */
    private void writeMissed(CommandSender agent) {
        for (int i = 0; i < load.missed(); i++) {
            agent.write(1);
            BenchContext.pause(BETWEEN_MISSED);
        }
    }

    private record Parts(
            HeliographProcess server,
            WorkspaceClients workspaceClients,
            WorkspaceClients witness,
            WorkspaceClients live,
            CommandSender agent,
            CommandSender liveAgent) {}

    private Map<String, Double> measure(Parts parts) {
        // One event that brings all clients to the same position.
        parts.witness.openWindow();
        parts.workspaceClients.openWindow();
        parts.agent.write(1);
        parts.witness.awaitDelivered(1);
        parts.workspaceClients.awaitDelivered(load.sockets());
        long before = parts.server.residentBytes();
        parts.live.openWindow();
        BenchContext.pause(load.quiet());
        Window calm = parts.live.closeWindow();
        parts.live.openWindow();
        parts.workspaceClients.drop();
        parts.witness.openWindow();
        writeMissed(parts.agent);
        parts.witness.awaitDelivered(load.missed());
        long head = parts.witness.highest();
        // The remaining work of the disconnects and the writes does not count for the return.
        BenchContext.pause(load.settling());
        Window drop = parts.live.closeWindow();

        parts.workspaceClients.openWindow();
        parts.live.openWindow();
        parts.liveAgent.forgetLag();
        long begun = System.nanoTime();
        WorkspaceClients.Return coming = parts.workspaceClients.reconnect(head);
        coming.awaitConnected();
        double connected = (System.nanoTime() - begun) / 1e9;
        coming.awaitCaughtUp();
        double caughtUp = (System.nanoTime() - begun) / 1e9;
        Window storm = parts.live.closeWindow();
        WorkspaceClients.Counts returned = parts.workspaceClients.counts();

        Map<String, Double> values = new HashMap<>();
        values.put("secondsUntilConnected", connected);
        values.put("secondsUntilCaughtUp", caughtUp);
        values.put("eventsReplayed", (double) returned.delivered());
        values.put("recovered", (double) returned.recovered());
        values.put("retries", (double) returned.lost());
        values.put("quietP50Millis", calm.latencies().getValueAtPercentile(50) / 1e6);
        values.put("quietP99Millis", calm.latencies().getValueAtPercentile(99) / 1e6);
        values.put("stormP50Millis", storm.latencies().getValueAtPercentile(50) / 1e6);
        values.put("stormP99Millis", storm.latencies().getValueAtPercentile(99) / 1e6);
        values.put(
                "stormP99OverQuiet",
                (double) storm.latencies().getValueAtPercentile(99)
                        / calm.latencies().getValueAtPercentile(99));
        values.put("dropP99Millis", drop.latencies().getValueAtPercentile(99) / 1e6);
        values.put(
                "dropP99OverQuiet",
                (double) drop.latencies().getValueAtPercentile(99)
                        / calm.latencies().getValueAtPercentile(99));
        values.put("stormMaxMillis", storm.latencies().getMaxValue() / 1e6);
        values.put("sendLagMillis", parts.liveAgent.counts().latestLagNanos() / 1e6);
        values.put("residentMegabytesBefore", before / 1e6);
        values.put("residentMegabytes", parts.server.residentBytes() / 1e6);
        values.put("peakResidentMegabytes", parts.server.peakResidentBytes() / 1e6);
        long expected = (long) load.sockets() * load.missed();
        values.put(
                "faults",
                (double) returned.misordered()
                        + returned.resets()
                        + returned.fresh()
                        + Math.abs(returned.delivered() - expected)
                        + storm.counts().misordered()
                        + storm.counts().lost()
                        + parts.agent.counts().failed()
                        + parts.liveAgent.counts().failed());
        return values;
    }
}
