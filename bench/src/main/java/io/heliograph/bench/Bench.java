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

    /** Ends with status 1 when a target is missed. */
    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        Files.createDirectories(options.results());
        Samples samples = run(options);
        Report report = new Report(machine(options), samples);
        report.write(options.results());
        System.out.println(report.markdown());
        System.exit(Target.judge(samples).stream().allMatch(Target::met) ? 0 : 1);
    }

    private static Samples run(Options options) {
        try (Stage stage = new Stage(options, Peers.of(options))) {
            if (options.runs("connect")) {
                new Connecting(stage).run();
            }
            if (options.runs("idle")) {
                new Idle(stage).run();
            }
            if (options.runs("fanout")) {
                CLOSED.forEach(load -> new FanOut(stage, load).run());
            }
            if (options.runs("paced")) {
                new FanOut(stage, PACED).run();
                new FanOut(stage, PACED_RANDOM).run();
            }
            return stage.samples();
        }
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
