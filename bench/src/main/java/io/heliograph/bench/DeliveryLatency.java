package io.heliograph.bench;

import io.heliograph.bench.WorkspaceClients.Window;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long an event takes to its workspace's sockets, through the whole server: from the moment at which its request was
 * due to be sent, through HTTP, the commit and the feed, to each client.
 */
final class DeliveryLatency {
    static final String PREFIX = "latency ";
    static final String APPROVALS = CommandCost.SCENARIO + "create to sockets ";

    private static final Duration LEAD_IN = Duration.ofSeconds(3);

    private final BenchContext context;
    private final Load load;

    /** What is sent; each is one event to all sockets. */
    enum Commands {
        MESSAGES,
        /** Also notifies a decider who is not connected. */
        APPROVALS
    }

    /** {@code perSecond} commands, each one event to {@code sockets}. */
    record Load(Commands commands, int sockets, double perSecond, Duration warmUp, Duration turn, int rounds) {
        static Load of(Commands commands, int sockets, double perSecond, boolean quick) {
            return new Load(
                    commands,
                    sockets,
                    perSecond,
                    Duration.ofSeconds(quick ? 15 : 30),
                    Duration.ofSeconds(quick ? 5 : 10),
                    quick ? 3 : 5);
        }

        String scenario() {
            return (commands == Commands.MESSAGES ? PREFIX : APPROVALS) + "%d@%.0f".formatted(sockets, perSecond);
        }
    }

    DeliveryLatency(BenchContext context, Load load) {
        this.context = context;
        this.load = load;
    }

    void run() {
        try (HeliographProcess server = context.startServer("latency")) {
            run(server);
        }
    }

    void run(HeliographProcess server) {
        String token = server.token("default");
        boolean messages = load.commands() == Commands.MESSAGES;
        try (WorkspaceClients clients = new WorkspaceClients(context.loop(), server.port(), token, messages);
                CommandSender sender = messages
                        ? CommandSender.messages(context.otherLoop(), server.port(), server.firstKey())
                        : CommandSender.approvals(context.otherLoop(), server.port(), server.firstKey())) {
            clients.open(load.sockets());
            // A process that is still being compiled falls behind; what it has to catch up is not measured.
            sender.start(load.perSecond());
            BenchContext.pause(load.warmUp());
            sender.stop();
            clients.awaitStamped(load.sockets() * sender.written());
            sender.start(load.perSecond());
            BenchContext.pause(LEAD_IN);
            for (int round = 0; round < load.rounds(); round++) {
                context.add(new Sample(load.scenario(), Peer.OURS, round, measure(server, clients, sender)));
            }
            sender.stop();
            clients.awaitStamped(load.sockets() * sender.written());
        }
    }

    private Map<String, Double> measure(HeliographProcess server, WorkspaceClients clients, CommandSender sender) {
        ProcessProbe.Cpu before = server.cpu();
        CommandSender.Counts posted = sender.counts();
        ProcessProbe.Cpu generator = ProcessProbe.cpu(ProcessHandle.current().pid());
        long begun = System.nanoTime();
        clients.openWindow();
        BenchContext.pause(load.turn());
        Window window = clients.closeWindow();
        double seconds = (System.nanoTime() - begun) / 1e9;
        CommandSender.Counts after = sender.counts();
        Map<String, Double> values = new HashMap<>();
        values.put("commandsPerSecond", (after.answered() - posted.answered()) / seconds);
        values.put("deliveriesPerSecond", window.counts().delivered() / seconds);
        values.put("serverBusy", server.cpu().since(before).nanos() / 1e9 / seconds);
        values.put("generatorBusy", generatorSince(generator) / 1e9 / seconds);
        values.put("p50Millis", window.latencies().getValueAtPercentile(50) / 1e6);
        values.put("p99Millis", window.latencies().getValueAtPercentile(99) / 1e6);
        values.put("maxMillis", window.latencies().getMaxValue() / 1e6);
        values.put("sendLagMillis", after.latestLagNanos() / 1e6);
        values.put("residentMegabytes", server.residentBytes() / 1e6);
        values.put(
                "faults",
                (double) after.failed()
                        + window.counts().misordered()
                        + window.counts().resets()
                        + window.counts().lost());
        return values;
    }

    private static double generatorSince(ProcessProbe.Cpu before) {
        return ProcessProbe.cpu(ProcessHandle.current().pid()).since(before).nanos();
    }
}
