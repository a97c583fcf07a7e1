package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.LogSettings;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.WorkspaceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios against the real server and the real log, too small and too short to measure anything. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
class WholeServerIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Data and results of the server. All tests share that server; each uses other workspaces. */
    @TempDir
    static Path folder;

    private static BenchContext context;
    private static HeliographProcess server;

    @BeforeAll
    static void startServer() {
        context = new BenchContext(options(), List.of());
        server = context.startServer("whole");
    }

    @AfterAll
    static void stopServer() {
        server.close();
        context.close();
    }

    @Test
    void whoReturnsGetsAllThatWasMissedAndWhoStaysNoticesNothing() {
        Storm.Load storm = new Storm.Load(20, 10, 3, 20, SHORT, Duration.ZERO, 1);
        DeliveryLatency.Load latency =
                new DeliveryLatency.Load(DeliveryLatency.Commands.MESSAGES, 10, 50, SHORT, SHORT, 1);
        new Storm(context, storm).run(server);
        new DeliveryLatency(context, latency).run(server);

        assertThat(value(storm.scenario(), "recovered")).isEqualTo(20);
        assertThat(value(storm.scenario(), "eventsReplayed")).isEqualTo(200);
        assertThat(value(storm.scenario(), "faults")).isZero();
        assertThat(value(latency.scenario(), "deliveriesPerSecond")).isPositive();
        assertThat(value(latency.scenario(), "faults")).isZero();
    }

    @Test
    void approvalsAreAskedForAndDecidedAndPileUp() {
        CommandCost.Load load = new CommandCost.Load(20, 20, 1, List.of(0, 50));
        new CommandCost(context, load).run(server, Optional.empty());

        for (int writers : CommandCost.writers()) {
            assertThat(value(CommandCost.create(writers), "requestsPerSecond")).isPositive();
            assertThat(value(CommandCost.decide(writers), "requestsPerSecond")).isPositive();
        }
        assertThat(value(CommandCost.GROWTH + 50, CommandCost.OVER_EMPTY)).isPositive();
        assertThat(GrowthCurve.svg(context.samples())).isPresent();
    }

    @Test
    void aLargeWorkspaceIsListedAndDecidedIn() {
        LargeWorkspace.Load load = new LargeWorkspace.Load(new LargeData.Size(60, 70), 20, 20, 1);
        new LargeWorkspace(context, load).run(server, Optional.empty());

        assertThat(value(LargeWorkspace.APPROVALS, "p50Millis")).isPositive();
        assertThat(value(LargeWorkspace.NOTIFICATIONS, "p50Millis")).isPositive();
        assertThat(value(LargeWorkspace.DECIDE, "requestsPerSecond")).isPositive();
        assertThat(context.samples().has(LargeWorkspace.DECIDE, LargeWorkspace.EMPTY))
                .isTrue();
    }

    @Test
    void agentsThatWaitGetTheirDecisionsAndOthersGoOnBesideThem() {
        DecisionLatency.Load decisions = new DecisionLatency.Load(50, SHORT, 1, 1);
        WaitCost.Load waits = new WaitCost.Load(10, 10, 20, 1);
        DeliveryLatency.Load creates =
                new DeliveryLatency.Load(DeliveryLatency.Commands.APPROVALS, 10, 50, SHORT, SHORT, 1);
        new DecisionLatency(context, decisions).run(server);
        new WaitCost(context, waits).run(server);
        new DeliveryLatency(context, creates).run(server);

        assertThat(value(decisions.scenario(), "p99Millis")).isPositive();
        assertThat(value(decisions.scenario(), "faults")).isZero();
        assertThat(value(WaitCost.SCENARIO, "requestsPerSecond")).isPositive();
        assertThat(context.samples().has(WaitCost.SCENARIO, WaitCost.ALONE)).isTrue();
        assertThat(value(creates.scenario(), "p99Millis")).isPositive();
        assertThat(value(creates.scenario(), "faults")).isZero();
    }

    @Test
    void everyCommandThatIsAnsweredIsInTheLog() {
        for (LogSettings settings : new LogSettings[] {LogSettings.defaults(), LogThroughput.oneCommandEach()}) {
            try (BenchDatabase database = BenchDatabase.sqlite(folder.resolve("batch-" + settings.batchCommands()));
                    SqlEventLog log = database.log(settings)) {
                LogThroughput.Outcome outcome = LogThroughput.write(log, new LogThroughput.Load(2, 8, true), SHORT);

                assertThat(outcome.failed()).isZero();
                assertThat(outcome.commands()).isPositive();
                assertThat(length(log, 0) + length(log, 1)).isGreaterThanOrEqualTo(outcome.commands());
            }
        }
    }

    private static long length(SqlEventLog log, int workspace) {
        return log.open(new WorkspaceId("ws_bench_" + workspace)).cursor().offset();
    }

    private static double value(String scenario, String name) {
        return context.samples().spread(scenario, Peer.OURS, name).median();
    }

    private static Options options() {
        return Options.parse(new String[] {
            "--results", folder.toString(), "--server", "../server/target/server.jar", "--open-files", "1024"
        });
    }
}
