package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.LogSettings;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios against the real server and the real log, too small and too short to measure anything. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
class WholeServerIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path folder;

    @Test
    void whoReturnsGetsAllThatWasMissedAndWhoStaysNoticesNothing() {
        Storm.Load storm = new Storm.Load(20, 10, 3, 20, SHORT, Duration.ZERO, 1);
        Latency.Load latency = new Latency.Load(Latency.Commands.MESSAGES, 10, 50, SHORT, SHORT, 1);
        try (Stage stage = new Stage(options(), List.of());
                HeliographProcess server = stage.startServer("small")) {
            new Storm(stage, storm).run(server);
            new Latency(stage, latency).run(server);

            assertThat(value(stage, storm.scenario(), "recovered")).isEqualTo(20);
            assertThat(value(stage, storm.scenario(), "eventsReplayed")).isEqualTo(200);
            assertThat(value(stage, storm.scenario(), "faults")).isZero();
            assertThat(value(stage, latency.scenario(), "deliveriesPerSecond")).isPositive();
            assertThat(value(stage, latency.scenario(), "faults")).isZero();
        }
    }

    @Test
    void approvalsAreAskedForAndDecidedAndPileUp() {
        Asking.Load load = new Asking.Load(20, 20, 1, List.of(0, 50));
        try (Stage stage = new Stage(options(), List.of());
                HeliographProcess server = stage.startServer("asking")) {
            new Asking(stage, load).run(server, Optional.empty());

            for (int writers : Asking.writers()) {
                assertThat(value(stage, Asking.create(writers), "requestsPerSecond"))
                        .isPositive();
                assertThat(value(stage, Asking.decide(writers), "requestsPerSecond"))
                        .isPositive();
            }
            assertThat(value(stage, Asking.GROWTH + 50, Asking.OVER_EMPTY)).isPositive();
            assertThat(GrowthCurve.svg(stage.samples())).isPresent();
        }
    }

    @Test
    void aLargeWorkspaceIsListedAndDecidedIn() {
        LargeWorkspace.Load load = new LargeWorkspace.Load(new LargeData.Size(60, 70), 20, 20, 1);
        try (Stage stage = new Stage(options(), List.of());
                HeliographProcess server = stage.startServer("large")) {
            new LargeWorkspace(stage, load).run(server, Optional.empty());

            assertThat(value(stage, LargeWorkspace.APPROVALS, "p50Millis")).isPositive();
            assertThat(value(stage, LargeWorkspace.NOTIFICATIONS, "p50Millis")).isPositive();
            assertThat(value(stage, LargeWorkspace.DECIDE, "requestsPerSecond")).isPositive();
            assertThat(stage.samples().has(LargeWorkspace.DECIDE, LargeWorkspace.EMPTY))
                    .isTrue();
        }
    }

    @Test
    void agentsThatWaitGetTheirDecisionsAndOthersGoOnBesideThem() {
        Deciding.Load decisions = new Deciding.Load(50, SHORT, 1, 1);
        Waiting.Load waits = new Waiting.Load(10, 10, 20, 1);
        Latency.Load creates = new Latency.Load(Latency.Commands.APPROVALS, 10, 50, SHORT, SHORT, 1);
        try (Stage stage = new Stage(options(), List.of());
                HeliographProcess server = stage.startServer("waiting")) {
            new Deciding(stage, decisions).run(server);
            new Waiting(stage, waits).run(server);
            new Latency(stage, creates).run(server);

            assertThat(value(stage, decisions.scenario(), "p99Millis")).isPositive();
            assertThat(value(stage, decisions.scenario(), "faults")).isZero();
            assertThat(value(stage, Waiting.SCENARIO, "requestsPerSecond")).isPositive();
            assertThat(stage.samples().has(Waiting.SCENARIO, Waiting.ALONE)).isTrue();
            assertThat(value(stage, creates.scenario(), "p99Millis")).isPositive();
            assertThat(value(stage, creates.scenario(), "faults")).isZero();
        }
    }

    @Test
    void everyCommandThatIsAnsweredIsInTheLog() {
        for (LogSettings settings : new LogSettings[] {LogSettings.defaults(), Commits.oneCommandEach()}) {
            try (BenchDatabase database = BenchDatabase.sqlite(folder.resolve("batch-" + settings.batchCommands()));
                    SqlEventLog log = database.log(settings)) {
                Commits.Outcome outcome = Commits.write(log, new Commits.Load(2, 8, true), SHORT);

                assertThat(outcome.failed()).isZero();
                assertThat(outcome.commands()).isPositive();
                assertThat(length(log, 0) + length(log, 1)).isGreaterThanOrEqualTo(outcome.commands());
            }
        }
    }

    private static long length(SqlEventLog log, int workspace) {
        return log.open(new WorkspaceId("ws_bench_" + workspace)).cursor().offset();
    }

    private double value(Stage stage, String scenario, String name) {
        return stage.samples().spread(scenario, Peer.OURS, name).median();
    }

    private Options options() {
        return Options.parse(new String[] {
            "--results", folder.toString(), "--server", "../server/target/server.jar", "--open-files", "1024"
        });
    }
}
