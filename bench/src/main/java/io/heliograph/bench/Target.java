package io.heliograph.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One target for speed or size, and the measured value.
 *
 * <p>Shape: met when the median is at most the limit; {@code measured} is in the unit that {@code line} names.
 */
record Target(String line, double limit, Spread measured) {
    private static final String CPU = "cpuMicros";

    boolean met() {
        return measured.median() <= limit;
    }

    /** The targets that the samples can answer. */
    static List<Target> evaluate(Samples samples) {
        List<Target> targets = new ArrayList<>();
        for (FanOut.Load load : Bench.CLOSED) {
            addFanOut(targets, samples, load);
        }
        addAgainstNode(
                targets,
                samples,
                Bench.PACED_RANDOM.scenario(),
                "p99Millis",
                "50,000 deliveries/s, published at random times: p99, × Node's",
                0.5);
        // The last delivery comes after a thousand writes, so bare itself is near the limit.
        addAgainstNode(
                targets,
                samples,
                Bench.PACED.scenario(),
                "p99Millis",
                "50,000 deliveries/s, published at even gaps: p99, × Node's",
                0.5);
        addIdle(targets, samples);
        addAgainstNode(
                targets,
                samples,
                ConnectCost.SCENARIO,
                "cpuMicrosPerConnect",
                "10,000 connects to a fresh process: CPU per connect, × Node's",
                0.6);
        addLog(targets, samples);
        addCommands(targets, samples);
        addReads(targets, samples);
        addPaths(targets, samples);
        addStart(targets, samples);
        samples.scenarios("storm ").forEach(scenario -> addStorm(targets, samples, scenario));
        samples.scenarios(DeliveryLatency.PREFIX).forEach(scenario -> addLatency(targets, samples, scenario));
        for (String broadcast : List.of("one", "eightSharingAWrite")) {
            addAllocation(targets, samples, broadcast);
        }
        return targets;
    }

    private static void addFanOut(List<Target> targets, Samples samples, FanOut.Load load) {
        String line = "%,d sockets, %s: "
                .formatted(
                        load.sockets(), load.publishers() == 1 ? "one publish in flight" : "eight publishes in flight");
        double limit = load.publishers() == 1 ? 0.6 : 0.15;
        addAgainstNode(targets, samples, load.scenario(), CPU, line + "CPU per delivery, × Node's", limit);
        if (samples.has(load.scenario(), Peer.OURS)) {
            Spread misordered = samples.spread(load.scenario(), Peer.OURS, "misordered");
            targets.add(new Target(line + "deliveries lost, repeated or out of order", 0, worst(misordered)));
        }
    }

    private static void addIdle(List<Target> targets, Samples samples) {
        if (!samples.has(IdleMemory.SCENARIO, Peer.OURS)) {
            return;
        }
        Spread resident = samples.spread(IdleMemory.SCENARIO, Peer.OURS, "residentPerSocket");
        Spread more = samples.spread(IdleMemory.SCENARIO, Peer.OURS, "residentPerMoreSocket");
        Spread heap = samples.spread(IdleMemory.SCENARIO, Peer.OURS, "heapPerSocket");
        Spread slope = samples.slope(IdleMemory.SCENARIO, Peer.OURS, "residentPerMoreSocket", "residentPerSocket");
        targets.add(new Target("10,000 idle sockets: resident bytes per socket", 7_000, resident));
        targets.add(new Target("10,000 idle sockets: live heap bytes per socket", 2_500, heap));
        targets.add(new Target("20,000 idle sockets: resident bytes of each further one", 7_000, more));
        targets.add(new Target("20,000 idle sockets: slope of the second half, × the first's", 1.1, slope));
    }

    private static void addStorm(List<Target> targets, Samples samples, String scenario) {
        String line = scenario + " sockets return 100 events behind: ";
        targets.add(new Target(
                line + "seconds until all are caught up", 30, worst(samples, scenario, "secondsUntilCaughtUp")));
        targets.add(new Target(
                line + "most resident memory in MB", 600, worst(samples, scenario, "peakResidentMegabytes")));
        targets.add(new Target(
                line + "events or connections lost, repeated, out of order or not recovered",
                0,
                worst(samples, scenario, "faults")));
        targets.add(new Target(
                line + "another workspace's p99 while they return, in ms",
                100,
                samples.spread(scenario, Peer.OURS, "stormP99Millis")));
        targets.add(new Target(
                line + "another workspace's p99 while they drop, in ms",
                100,
                samples.spread(scenario, Peer.OURS, "dropP99Millis")));
    }

    private static void addLatency(List<Target> targets, Samples samples, String scenario) {
        String line = scenario + "/s through the whole server: ";
        targets.add(new Target(
                line + "events or connections lost, repeated or out of order", 0, worst(samples, scenario, "faults")));
        targets.add(new Target(
                line + "request to socket, p99 in ms", 250, samples.spread(scenario, Peer.OURS, "p99Millis")));
    }

    private static Spread worst(Samples samples, String scenario, String value) {
        return worst(samples.spread(scenario, Peer.OURS, value));
    }

    private static void addLog(List<Target> targets, Samples samples) {
        String scenario = LogThroughput.HOT_POSTGRESQL;
        if (samples.has(scenario, LogThroughput.SHARED)) {
            targets.add(new Target(
                    "One hot workspace on PostgreSQL: time per command in shared transactions, × one commit each",
                    0.2,
                    samples.ratio(scenario, LogThroughput.SHARED, LogThroughput.ALONE, "microsPerCommand")));
        }
    }

    private static void addCommands(List<Target> targets, Samples samples) {
        List<Integer> writers = CommandCost.writers();
        int few = writers.getFirst();
        int many = writers.getLast();
        for (String scenario : List.of(CommandCost.create(few), CommandCost.decide(few))) {
            addAgainstNode(targets, samples, scenario, CommandCost.CPU, scenario + ": CPU per request, × Node's", 1);
        }
        for (String scenario : List.of(CommandCost.create(many), CommandCost.decide(many))) {
            addAgainstNode(
                    targets, samples, scenario, CommandCost.TIME, scenario + ": time per request, × Node's", 1 / 1.5);
        }
        List<String> growth = samples.scenarios(CommandCost.GROWTH);
        if (!growth.isEmpty()) {
            targets.add(new Target(
                    growth.getLast() + ": CPU per create, × that with none pending",
                    1.3,
                    samples.spread(growth.getLast(), Peer.OURS, CommandCost.OVER_EMPTY)));
        }
    }

    private static void addReads(List<Target> targets, Samples samples) {
        for (String scenario : List.of(LargeWorkspace.APPROVALS, LargeWorkspace.NOTIFICATIONS)) {
            if (samples.has(scenario, Peer.NODE)) {
                targets.add(new Target(
                        scenario + ", 50 rows: p50 in ms beyond Node's",
                        2,
                        samples.difference(scenario, Peer.OURS, Peer.NODE, "p50Millis")));
            }
        }
        for (String scenario : List.of(LargeWorkspace.CREATE, LargeWorkspace.DECIDE)) {
            addAgainst(targets, samples, scenario, LargeWorkspace.EMPTY, ": CPU, × that in an empty one", 1.3);
        }
        addAgainst(targets, samples, WaitCost.SCENARIO, WaitCost.ALONE, ": CPU, × that without", 1.05);
    }

    private static void addAgainst(
            List<Target> targets, Samples samples, String scenario, String other, String line, double limit) {
        if (samples.has(scenario, other)) {
            targets.add(new Target(scenario + line, limit, samples.ratio(scenario, Peer.OURS, other, CPU)));
        }
    }

    private static void addPaths(List<Target> targets, Samples samples) {
        for (String scenario : samples.scenarios(DeliveryLatency.APPROVALS)) {
            addPath(targets, samples, scenario, "request due until each socket has the event, p99 in ms", 20);
        }
        for (String scenario : samples.scenarios(DecisionLatency.Load.PREFIX)) {
            addPath(targets, samples, scenario, "decision due until the agent has the answer, p99 in ms", 10);
        }
    }

    private static void addPath(
            List<Target> targets, Samples samples, String scenario, String line, double limitMillis) {
        String start = scenario + "/s: ";
        targets.add(new Target(start + line, limitMillis, samples.spread(scenario, Peer.OURS, "p99Millis")));
        targets.add(new Target(start + "lost, repeated, out of order or wrong", 0, worst(samples, scenario, "faults")));
    }

    private static void addStart(List<Target> targets, Samples samples) {
        String scenario = StartTime.SCENARIO;
        if (samples.has(scenario, Peer.OURS)) {
            targets.add(new Target(
                    scenario + ": seconds until ready, second start",
                    2,
                    samples.spread(scenario, Peer.OURS, "secondsUntilReady")));
            targets.add(new Target(
                    scenario + ": resident memory at idle in MB",
                    250,
                    samples.spread(scenario, Peer.OURS, "residentMegabytes")));
        }
    }

    /** Less than a byte: the allocation of one publish, divided by its ten thousand deliveries. */
    private static void addAllocation(List<Target> targets, Samples samples, String broadcast) {
        String scenario = JmhResults.BROADCAST + broadcast;
        if (samples.has(scenario, Peer.OURS)) {
            String line = "Broadcast to 10,000 embedded channels (" + broadcast + "): bytes allocated per delivery";
            targets.add(new Target(line, 1, samples.spread(scenario, Peer.OURS, "allocatedBytes")));
        }
    }

    private static void addAgainstNode(
            List<Target> targets, Samples samples, String scenario, String value, String line, double limit) {
        if (samples.has(scenario, Peer.OURS) && samples.has(scenario, Peer.NODE)) {
            targets.add(new Target(line, limit, samples.ratio(scenario, Peer.OURS, Peer.NODE, value)));
        }
    }

    private static Spread worst(Spread spread) {
        return new Spread(spread.min(), spread.max(), spread.max(), spread.count());
    }
}
