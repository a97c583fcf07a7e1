package io.heliograph.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The cost of creates while many agents wait for other approvals of the same workspace, and without waiting agents, in
 * turns.
 */
final class WaitCost {
    static final String SCENARIO = CommandCost.SCENARIO + "create beside waits";
    /** The same server without waiting agents. */
    static final String ALONE = "no waits";

    private static final Duration IDLE = Duration.ofSeconds(5);

    private final BenchContext context;
    private final Load load;

    /** {@code waits} that are open, and {@code requests} of one turn. */
    record Load(int waits, int warmUp, int requests, int rounds) {
        static Load of(boolean quick) {
            return quick ? new Load(1_000, 5_000, 2_000, 3) : new Load(1_000, 20_000, 5_000, 5);
        }
    }

    WaitCost(BenchContext context, Load load) {
        this.context = context;
        this.load = load;
    }

    void run() {
        try (HeliographProcess server = context.startServer("waiting")) {
            run(server);
        }
    }

    void run(HeliographProcess server) {
        Service service = Service.of(server, "waiting");
        Queue<String> pending = new ConcurrentLinkedQueue<>();
        Service.send(load.warmUp(), CommandCost.SOME, service::ask);
        Service.send(
                load.waits(), CommandCost.SOME, () -> pending.add(service.ask().id()));
        for (int round = 0; round < load.rounds(); round++) {
            context.add(new Sample(SCENARIO, ALONE, round, measure(service)));
            try (Waits waits = new Waits(context.loop(), server.port(), service.asker(), load.waits())) {
                waits.open(List.copyOf(pending));
                Map<String, Double> values = measure(service);
                values.put("idleCpuMillisPerSecond", idleCpu(service));
                context.add(new Sample(SCENARIO, Peer.OURS, round, values));
            }
        }
    }

    private Map<String, Double> measure(Service service) {
        return CommandCost.measure(service, load.requests(), CommandCost.SOME, service::ask);
    }

    /** The cost of idle waits. */
    private static double idleCpu(Service service) {
        ProcessProbe.Cpu before = service.cpu().get();
        BenchContext.pause(IDLE);
        return service.cpu().get().since(before).nanos() / 1e6 / IDLE.toSeconds();
    }
}
