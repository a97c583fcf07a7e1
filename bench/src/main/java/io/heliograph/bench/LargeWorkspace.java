package io.heliograph.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;

/**
 * A workspace with many pending and decided approvals and unread notifications: how long its lists take, against the Node
 * service with as many rows; and what a create and a decision cost, against an empty workspace of the same server.
 */
final class LargeWorkspace {
    static final String APPROVALS = CommandCost.SCENARIO + "list approvals";
    static final String NOTIFICATIONS = CommandCost.SCENARIO + "list notifications";
    static final String CREATE = CommandCost.SCENARIO + "create in a large workspace";
    static final String DECIDE = CommandCost.SCENARIO + "decide in a large workspace";
    /** A nearly empty workspace of the same server. */
    static final String EMPTY = "empty workspace";

    private static final int PAGE = 50;
    private static final long HIGHEST_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final List<Listed> LISTS = List.of(
            new Listed(APPROVALS, "/v1/approvals?status=pending&limit=" + PAGE),
            new Listed(NOTIFICATIONS, "/v1/notifications?limit=" + PAGE));

    private final BenchContext context;
    private final Load load;

    private record Listed(String scenario, String path) {}

    /**
     * @param warmUp lists, creates and decisions before anything is measured
     * @param requests of one turn
     */
    record Load(LargeData.Size size, int warmUp, int requests, int rounds) {
        static Load of(boolean quick) {
            return quick
                    ? new Load(new LargeData.Size(10_000, 50_000), 2_000, 1_000, 3)
                    : new Load(new LargeData.Size(100_000, 1_000_000), 20_000, 2_000, 5);
        }
    }

    LargeWorkspace(BenchContext context, Load load) {
        this.context = context;
        this.load = load;
    }

    void run() {
        Path folder = context.newFolder("large-peer");
        try (HeliographProcess ours = context.startServer("large");
                PeerProcess theirs = CommandCost.startNode(context, folder)) {
            Service node = Service.of(theirs, CommandCost.NODE_KEY);
            LargeData.node(folder, ask(node), decided(node), load.size());
            run(ours, Optional.of(node));
        }
    }

    void run(HeliographProcess ours, Optional<Service> node) {
        Service large = Service.of(ours, "large");
        Service empty = Service.of(ours, "small");
        LargeData.ours(ours.folder(), ask(large), decided(large), load.size());
        ours.recount();

        List<Service> readers = new ArrayList<>(List.of(large));
        node.ifPresent(readers::add);
        for (Listed list : LISTS) {
            readers.forEach(service -> read(service, list.path(), load.warmUp() / 4));
        }
        turn(empty, load.warmUp());
        for (int round = 0; round < load.rounds(); round++) {
            for (Listed list : LISTS) {
                for (Service service : readers) {
                    Map<String, Double> values = read(service, list.path(), load.requests());
                    context.add(new Sample(list.scenario(), service.name(), round, values));
                }
            }
        }
        for (int round = 0; round < load.rounds(); round++) {
            add(EMPTY, round, turn(empty, load.requests()));
            add(Peer.OURS, round, turn(large, load.requests()));
        }
    }

    private void add(String peer, int round, Turn turn) {
        context.add(new Sample(CREATE, peer, round, turn.create()));
        context.add(new Sample(DECIDE, peer, round, turn.decide()));
    }

    private record Turn(Map<String, Double> create, Map<String, Double> decide) {}

    /** Decides the approvals that it creates, so that the workspace keeps its size. */
    private static Turn turn(Service service, int requests) {
        Queue<Service.Pending> pending = new ConcurrentLinkedQueue<>();
        return new Turn(
                CommandCost.measure(service, requests, CommandCost.SOME, () -> pending.add(service.ask())),
                CommandCost.measure(service, requests, CommandCost.SOME, () -> service.decide(pending.remove())));
    }

    /** Requests of one reader, one after the other, as for a person who waits. */
    private static Map<String, Double> read(Service service, String path, int requests) {
        Histogram latencies = new Histogram(1_000, HIGHEST_LATENCY_NANOS, 3);
        ProcessProbe.Cpu before = service.cpu().get();
        Service.send(requests, 1, () -> {
            long begun = System.nanoTime();
            JsonNode page = service.get(path);
            latencies.recordValue(Math.min(System.nanoTime() - begun, HIGHEST_LATENCY_NANOS));
            if (page.path("data").size() != PAGE) {
                throw new IOException(
                        service.name() + " lists " + page.path("data").size() + " rows");
            }
        });
        Map<String, Double> values = new HashMap<>();
        values.put("p50Millis", latencies.getValueAtPercentile(50) / 1e6);
        values.put("p99Millis", latencies.getValueAtPercentile(99) / 1e6);
        values.put(CommandCost.CPU, service.cpu().get().since(before).nanos() / 1e3 / requests);
        return values;
    }

    private static Service.Pending ask(Service service) {
        try {
            return service.ask();
        } catch (IOException e) {
            throw new PeerFaultException(service.name() + " does not take an approval", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
    }

    private static Service.Pending decided(Service service) {
        Service.Pending pending = ask(service);
        Service.send(1, 1, () -> service.decide(pending));
        return pending;
    }
}
