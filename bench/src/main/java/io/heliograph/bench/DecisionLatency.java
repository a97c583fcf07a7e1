package io.heliograph.bench;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * How long a decision takes to the agent that waits for it: from the moment at which the decision's request was due to be
 * sent until the agent has the answer of its {@code GET /v1/approvals/{id}?wait=50}.
 */
final class DecisionLatency {
    private static final int DECIDERS_CONNECTIONS = 16;

    private final BenchContext context;
    private final Load load;

    /** {@code perSecond} decisions for the length of a turn; as many agents wait when it begins. */
    record Load(double perSecond, Duration turn, int warmUps, int rounds) {
        static final String PREFIX = CommandCost.SCENARIO + "decision to waiting agent ";

        static Load of(boolean quick) {
            return new Load(100, Duration.ofSeconds(quick ? 5 : 10), quick ? 2 : 4, quick ? 3 : 5);
        }

        String scenario() {
            return PREFIX + "@%.0f".formatted(perSecond);
        }

        int decisions() {
            return (int) (perSecond * turn.toMillis() / 1_000);
        }
    }

    DecisionLatency(BenchContext context, Load load) {
        this.context = context;
        this.load = load;
    }

    void run() {
        try (HeliographProcess server = context.startServer("deciding")) {
            run(server);
        }
    }

    void run(HeliographProcess server) {
        Service service = Service.of(server, "deciding");
        EventLoop loop = context.loop();
        try (HttpPool decider = new HttpPool(loop, server.port(), service.decider(), DECIDERS_CONNECTIONS);
                Waits waits = new Waits(loop, server.port(), service.asker(), load.decisions())) {
            for (int i = 0; i < load.warmUps(); i++) {
                decideAll(service, decider, waits);
            }
            for (int round = 0; round < load.rounds(); round++) {
                context.add(new Sample(load.scenario(), Peer.OURS, round, decideAll(service, decider, waits)));
            }
        }
    }

    private Map<String, Double> decideAll(Service service, HttpPool decider, Waits waits) {
        Queue<Service.Pending> asked = new ConcurrentLinkedQueue<>();
        Service.send(load.decisions(), CommandCost.SOME, () -> asked.add(service.ask()));
        List<Service.Pending> pending = List.copyOf(asked);
        waits.open(pending.stream().map(Service.Pending::id).toList());

        // Owned by the loop from here.
        Queue<Service.Pending> left = new ArrayDeque<>(pending);
        Schedule schedule = new Schedule(context.loop(), dueNanos -> {
            Service.Pending next = left.poll();
            if (next != null) {
                decide(decider, waits, next, dueNanos);
            }
        });
        ProcessProbe.Cpu before = service.cpu().get();
        long begun = System.nanoTime();
        schedule.start(load.perSecond());
        Waits.Answers answers = waits.awaitAll();
        double seconds = (System.nanoTime() - begun) / 1e9;
        schedule.stop();
        decider.drain();

        Map<String, Double> values = new HashMap<>();
        values.put("p50Millis", answers.latencies().getValueAtPercentile(50) / 1e6);
        values.put("p99Millis", answers.latencies().getValueAtPercentile(99) / 1e6);
        values.put("maxMillis", answers.latencies().getMaxValue() / 1e6);
        values.put("decisionsPerSecond", pending.size() / seconds);
        values.put("serverBusy", service.cpu().get().since(before).nanos() / 1e9 / seconds);
        values.put("sendLagMillis", schedule.latestLagNanos() / 1e6);
        values.put("faults", (double) answers.faults());
        return values;
    }

    private static void decide(HttpPool decider, Waits waits, Service.Pending approval, long dueNanos) {
        waits.decided(approval.id(), dueNanos);
        String body = "{\"outcome\":\"approved\",\"digest\":\"" + approval.digest() + "\"}";
        decider.send(HttpMethod.POST, "/v1/approvals/" + approval.id() + "/decision", body, answer -> {
            if (answer.status().code() != 200) {
                System.out.println("a decision was refused: " + answer.status());
            }
        });
    }
}
