package io.heliograph.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Runs the servers against one another and writes the report. Started by {@code bench/run}, which pins this process to
 * the generator's core.
 */
public final class Bench {
    static final List<FanOut.Load> CLOSED =
            List.of(FanOut.Load.closed(1_000, 1), FanOut.Load.closed(1_000, 8), FanOut.Load.closed(5_000, 8));
    static final FanOut.Load PACED = FanOut.Load.paced(1_000, 50_000, false);
    static final FanOut.Load PACED_RANDOM = FanOut.Load.paced(1_000, 50_000, true);

    private Bench() {}

    /** Ends with status 1 when a target is missed or a server failed. */
    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        Files.createDirectories(options.results());
        Report report = run(options);
        report.write(options.results());
        System.out.println(report.markdown());
        System.exit(report.passed() ? 0 : 1);
    }

    private static Report run(Options options) throws IOException {
        try (BenchContext context = new BenchContext(options, Peers.of(options))) {
            if (options.jmh().isPresent()) {
                JmhResults.read(options.jmh().get()).forEach(context::add);
            }
            measure(context);
            return new Report(machine(options), context.samples(), context.failures());
        }
    }

    private static void measure(BenchContext context) {
        Options options = context.options();
        if (options.runs("connect")) {
            context.run("connect", new ConnectCost(context)::run);
        }
        if (options.runs("idle")) {
            context.run("idle", new IdleMemory(context)::run);
        }
        if (options.runs("fanout")) {
            CLOSED.forEach(load -> context.run(load.scenario(), new FanOut(context, load)::run));
        }
        if (options.runs("storm")) {
            for (int sockets : context.storms()) {
                Storm.Load load = Storm.Load.of(sockets, options.quick());
                context.run(load.scenario(), new Storm(context, load)::run);
            }
        }
        if (options.runs("latency")) {
            DeliveryLatency.Load load =
                    DeliveryLatency.Load.of(DeliveryLatency.Commands.MESSAGES, 1_000, 200, options.quick());
            context.run(load.scenario(), new DeliveryLatency(context, load)::run);
        }
        if (options.runs("commands")) {
            measureCommands(context, options.quick());
        }
        if (options.runs("log")) {
            context.run("log", new LogThroughput(context)::run);
        }
        if (options.runs("paced")) {
            context.run(PACED.scenario(), new FanOut(context, PACED)::run);
            context.run(PACED_RANDOM.scenario(), new FanOut(context, PACED_RANDOM)::run);
        }
    }

    private static void measureCommands(BenchContext context, boolean quick) {
        context.run(StartTime.SCENARIO, new StartTime(context)::run);
        context.run("commands", new CommandCost(context, CommandCost.Load.of(quick))::run);
        context.run("large workspace", new LargeWorkspace(context, LargeWorkspace.Load.of(quick))::run);
        context.run(WaitCost.SCENARIO, new WaitCost(context, WaitCost.Load.of(quick))::run);
        DeliveryLatency.Load creates = DeliveryLatency.Load.of(DeliveryLatency.Commands.APPROVALS, 1_000, 200, quick);
        context.run(creates.scenario(), new DeliveryLatency(context, creates)::run);
        DecisionLatency.Load decisions = DecisionLatency.Load.of(quick);
        context.run(decisions.scenario(), new DecisionLatency(context, decisions)::run);
    }

    private static Map<String, String> machine(Options options) throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown");
        return Map.of(
                "processor", model,
                "kernel",
                        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                "java", Runtime.version().toString(),
                "open files", Long.toString(options.openFiles()),
                "load average at the end",
                        Files.readString(Path.of("/proc/loadavg")).strip(),
                "mode", options.quick() ? "quick" : "full",
                "taken", Instant.now().toString());
    }
}
