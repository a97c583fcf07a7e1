package io.heliograph.bench;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * {@code ./heliograph up} with its defaults, as an operator starts it, on both cores: how long a second start takes, and
 * how much memory the server holds when nothing is connected.
 */
final class Starting {
    static final String SCENARIO = Asking.SCENARIO + "up";

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int ROUNDS = 3;

    private final Stage stage;

    Starting(Stage stage) {
        this.stage = stage;
    }

    void run() {
        Options options = stage.options();
        Path folder = stage.newFolder("up");
        File log = options.results().resolve("server-up.log").toFile();
        String cores = options.serverCore() + "," + options.generatorCore();
        // The first start makes the database, and may have to unpack the server.
        HeliographProcess.up(options.launcher(), cores, folder, log).close();
        for (int round = 0; round < ROUNDS; round++) {
            try (HeliographProcess server = HeliographProcess.up(options.launcher(), cores, folder, log)) {
                Stage.pause(IDLE);
                stage.add(new Sample(
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
