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
        try (Stage stage = new Stage(options, Peers.of(options))) {
            if (options.jmh().isPresent()) {
                JmhResults.read(options.jmh().get()).forEach(stage::add);
            }
            measure(stage);
            return new Report(machine(options), stage.samples(), stage.failures());
        }
    }

    private static void measure(Stage stage) {
        Options options = stage.options();
        if (options.runs("connect")) {
            stage.run("connect", new Connecting(stage)::run);
        }
        if (options.runs("idle")) {
            stage.run("idle", new Idle(stage)::run);
        }
        if (options.runs("fanout")) {
            CLOSED.forEach(load -> stage.run(load.scenario(), new FanOut(stage, load)::run));
        }
        if (options.runs("storm")) {
            for (int sockets : stage.storms()) {
                Storm.Load load = Storm.Load.of(sockets, options.quick());
                stage.run(load.scenario(), new Storm(stage, load)::run);
            }
        }
        if (options.runs("latency")) {
            Latency.Load load = Latency.Load.of(Latency.Commands.MESSAGES, 1_000, 200, options.quick());
            stage.run(load.scenario(), new Latency(stage, load)::run);
        }
        if (options.runs("commands")) {
            measureCommands(stage, options.quick());
        }
        if (options.runs("log")) {
            stage.run("log", new Commits(stage)::run);
        }
        if (options.runs("paced")) {
            stage.run(PACED.scenario(), new FanOut(stage, PACED)::run);
            stage.run(PACED_RANDOM.scenario(), new FanOut(stage, PACED_RANDOM)::run);
        }
    }

    private static void measureCommands(Stage stage, boolean quick) {
        stage.run(Starting.SCENARIO, new Starting(stage)::run);
        stage.run("commands", new Asking(stage, Asking.Load.of(quick))::run);
        stage.run("large workspace", new LargeWorkspace(stage, LargeWorkspace.Load.of(quick))::run);
        stage.run(Waiting.SCENARIO, new Waiting(stage, Waiting.Load.of(quick))::run);
        Latency.Load creates = Latency.Load.of(Latency.Commands.APPROVALS, 1_000, 200, quick);
        stage.run(creates.scenario(), new Latency(stage, creates)::run);
        Deciding.Load decisions = Deciding.Load.of(quick);
        stage.run(decisions.scenario(), new Deciding(stage, decisions)::run);
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
