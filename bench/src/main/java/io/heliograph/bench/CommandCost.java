package io.heliograph.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The cost of creating and deciding an approval: the whole server against the thin Node service of {@code
 * bench/peers/commands}, which writes the same rows. They are measured in turns, each request with an {@code
 * Idempotency-Key}; then the cost of a create as pending approvals accumulate.
 */
final class CommandCost {
    static final String SCENARIO = "commands ";
    static final String GROWTH = SCENARIO + "create pending=";
    static final String CPU = "cpuMicros";
    static final String TIME = "microsPerRequest";
    /** CPU per create, relative to that without pending approvals. */
    static final String OVER_EMPTY = "cpuOverEmpty";

    private static final int FEW = 1;
    private static final int MANY = 64;
    /** As many as keep one core busy, with less sharing than {@link #MANY}. */
    static final int SOME = 8;

    static final String NODE_KEY = "bench";

    private final BenchContext context;
    private final Load load;

    /**
     * @param warmUp creates before anything is measured
     * @param requests of one turn
     * @param pending how many approvals are pending when each point of the growth begins, ascending; a point adds those
     *     that it measures
     */
    record Load(int warmUp, int requests, int rounds, List<Integer> pending) {
        static Load of(boolean quick) {
            return quick
                    ? new Load(5_000, 1_000, 3, List.of(0, 4_000, 10_000))
                    : new Load(20_000, 1_500, 3, List.of(0, 5_000, 10_000, 30_000, 60_000, 100_000));
        }
    }

    CommandCost(BenchContext context, Load load) {
        this.context = context;
        this.load = load;
    }

    static String create(int writers) {
        return SCENARIO + "create writers=" + writers;
    }

    static String decide(int writers) {
        return SCENARIO + "decide writers=" + writers;
    }

    static List<Integer> writers() {
        return List.of(FEW, MANY);
    }

    void run() {
        try (HeliographProcess ours = context.startServer("commands");
                PeerProcess theirs = startNode(context, context.newFolder("commands-peer"))) {
            run(ours, Optional.of(theirs));
        }
    }

    /** The Node service on the database in {@code folder}, which is made when there is none. */
    static PeerProcess startNode(BenchContext context, Path folder) {
        Path program = context.options().peerDirectory().toAbsolutePath().resolve("commands/server.js");
        return context.start(new Peer(Peer.NODE, List.of("node", program.toString(), folder.toString(), NODE_KEY)));
    }

    void run(HeliographProcess ours, Optional<PeerProcess> theirs) {
        List<Service> services = new ArrayList<>();
        services.add(Service.of(ours, "measured"));
        theirs.ifPresent(peer -> services.add(Service.of(peer, NODE_KEY)));
        // Our server warms up in another workspace, so that the measured one is empty.
        warmUp(Service.of(ours, "warm"));
        services.stream().skip(1).forEach(this::warmUp);
        for (int round = 0; round < load.rounds(); round++) {
            for (int writers : writers()) {
                for (Service service : services) {
                    turn(service, round, writers);
                }
            }
        }
        services.forEach(this::grow);
    }

    private void warmUp(Service service) {
        Queue<Service.Pending> pending = new ConcurrentLinkedQueue<>();
        Service.send(load.warmUp(), SOME, () -> pending.add(service.ask()));
        Service.send(load.warmUp(), SOME, () -> service.decide(pending.remove()));
    }

    private void turn(Service service, int round, int writers) {
        Queue<Service.Pending> pending = new ConcurrentLinkedQueue<>();
        context.add(new Sample(
                create(writers), service.name(), round, measure(service, writers, () -> pending.add(service.ask()))));
        context.add(new Sample(
                decide(writers),
                service.name(),
                round,
                measure(service, writers, () -> service.decide(pending.remove()))));
    }

    private void grow(Service service) {
        int pending = 0;
        double empty = 0;
        for (int level : load.pending()) {
            // The measured creates add to the pending approvals.
            int missing = Math.max(0, level - pending);
            Service.send(missing, MANY, () -> service.ask());
            pending += missing;
            for (int round = 0; round < load.rounds(); round++) {
                Map<String, Double> values = measure(service, SOME, () -> service.ask());
                pending += load.requests();
                double cpu = values.getOrDefault(CPU, 0.0);
                empty = empty == 0 ? cpu : empty;
                values.put(OVER_EMPTY, cpu / empty);
                context.add(new Sample(GROWTH + level, service.name(), round, values));
            }
        }
    }

    private Map<String, Double> measure(Service service, int writers, Service.Request request) {
        return measure(service, load.requests(), writers, request);
    }

    static Map<String, Double> measure(Service service, int requests, int writers, Service.Request request) {
        ProcessProbe.Cpu before = service.cpu().get();
        long begun = System.nanoTime();
        Service.send(requests, writers, request);
        double nanos = System.nanoTime() - begun;
        double cpuNanos = service.cpu().get().since(before).nanos();
        Map<String, Double> values = new HashMap<>();
        values.put(CPU, cpuNanos / 1e3 / requests);
        values.put(TIME, nanos / 1e3 / requests);
        values.put("requestsPerSecond", requests / nanos * 1e9);
        return values;
    }
}
