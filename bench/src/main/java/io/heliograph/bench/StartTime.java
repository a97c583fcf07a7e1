package io.heliograph.bench;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * {@code ./heliograph up} with its defaults, as an operator starts it, on both cores: how long a second start takes, and
 * how much memory the server holds when nothing is connected.
 */
final class StartTime {
    static final String SCENARIO = CommandCost.SCENARIO + "up";

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int ROUNDS = 3;

    private final BenchContext context;

    StartTime(BenchContext context) {
        this.context = context;
    }

    void run() {
        Options options = context.options();
        Path folder = context.newFolder("up");
        File log = options.results().resolve("server-up.log").toFile();
        String cores = options.serverCore() + "," + options.generatorCore();
        // The first start makes the database, and may have to unpack the server.
        HeliographProcess.up(options.launcher(), cores, folder, log).close();
        for (int round = 0; round < ROUNDS; round++) {
            try (HeliographProcess server = HeliographProcess.up(options.launcher(), cores, folder, log)) {
                BenchContext.pause(IDLE);
                context.add(new Sample(
                        SCENARIO,
                        Peer.OURS,
                        round,
                        Map.of(
                                "secondsUntilReady",
                                server.secondsUntilReady(),
                                "residentMegabytes",
                                server.residentBytes() / 1e6)));
            }
        }
    }
}
