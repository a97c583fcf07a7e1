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
final class Waiting {
    static final String SCENARIO = Asking.SCENARIO + "create beside waits";
    /** The same server without waiting agents. */
    static final String ALONE = "no waits";

    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Stage stage;
    private final Load load;

    /** {@code waits} that are open, and {@code requests} of one turn. */
    record Load(int waits, int warmUp, int requests, int rounds) {
        static Load of(boolean quick) {
            return quick ? new Load(1_000, 5_000, 2_000, 3) : new Load(1_000, 20_000, 5_000, 5);
        }
    }

    Waiting(Stage stage, Load load) {
        this.stage = stage;
        this.load = load;
    }

    void run() {
        try (HeliographProcess server = stage.startServer("waiting")) {
            run(server);
        }
    }

    void run(HeliographProcess server) {
        Service service = Service.of(server, "waiting");
        Queue<String> pending = new ConcurrentLinkedQueue<>();
        Service.send(load.warmUp(), Asking.SOME, service::ask);
        Service.send(load.waits(), Asking.SOME, () -> pending.add(service.ask().id()));
        for (int round = 0; round < load.rounds(); round++) {
            stage.add(new Sample(SCENARIO, ALONE, round, measure(service)));
            try (Waits waits = new Waits(stage.loop(), server.port(), service.asker(), load.waits())) {
                waits.open(List.copyOf(pending));
                Map<String, Double> values = measure(service);
                values.put("idleCpuMillisPerSecond", idleCpu(service));
                stage.add(new Sample(SCENARIO, Peer.OURS, round, values));
            }
        }
    }

    private Map<String, Double> measure(Service service) {
        return Asking.measure(service, load.requests(), Asking.SOME, service::ask);
    }

    /** The cost of idle waits. */
    private static double idleCpu(Service service) {
        ProcessProbe.Cpu before = service.cpu().get();
        Stage.pause(IDLE);
        return service.cpu().get().since(before).nanos() / 1e6 / IDLE.toSeconds();
    }
}
