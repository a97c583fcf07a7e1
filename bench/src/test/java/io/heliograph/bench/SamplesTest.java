package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
    private static final String SCENARIO = Bench.CLOSED.getFirst().scenario();

    @Test
    void ratiosAreTakenPairByPair() {
        Samples samples = new Samples(List.of(
                sample(Peer.OURS, 0, 1),
                sample(Peer.NODE, 0, 4),
                sample(Peer.OURS, 1, 3),
                sample(Peer.NODE, 1, 6),
                sample(Peer.OURS, 2, 9)));

        Spread ratio = samples.ratio(SCENARIO, Peer.OURS, Peer.NODE, "cpuMicros");

        assertThat(ratio).isEqualTo(new Spread(0.25, 0.375, 0.5, 2));
    }

    @Test
    void differencesAreTakenPairByPair() {
        Samples samples = new Samples(List.of(
                sample(Peer.OURS, 0, 5), sample(Peer.NODE, 0, 4), sample(Peer.OURS, 1, 3), sample(Peer.NODE, 1, 6)));

        Spread difference = samples.difference(SCENARIO, Peer.OURS, Peer.NODE, "cpuMicros");

        assertThat(difference).isEqualTo(new Spread(-3, -1, 1, 2));
    }

    @Test
    void theMedianDecides() {
        Samples samples = new Samples(List.of(
                sample(Peer.OURS, 0, 9),
                sample(Peer.NODE, 0, 10),
                sample(Peer.OURS, 1, 6),
                sample(Peer.NODE, 1, 10),
                sample(Peer.OURS, 2, 5),
                sample(Peer.NODE, 2, 10)));

        assertThat(Target.evaluate(samples))
                .extracting(Target::limit, Target::met)
                .containsExactly(tuple(0.6, true), tuple(0.0, true));
    }

    @Test
    void aListMayTakeTwoMillisecondsMoreThanNodes() {
        Samples samples = new Samples(List.of(
                new Sample(LargeWorkspace.APPROVALS, Peer.OURS, 0, Map.of("p50Millis", 3.0)),
                new Sample(LargeWorkspace.APPROVALS, Peer.NODE, 0, Map.of("p50Millis", 1.5)),
                new Sample(LargeWorkspace.NOTIFICATIONS, Peer.OURS, 0, Map.of("p50Millis", 3.0)),
                new Sample(LargeWorkspace.NOTIFICATIONS, Peer.NODE, 0, Map.of("p50Millis", 0.5))));

        assertThat(Target.evaluate(samples)).extracting(Target::met).containsExactly(true, false);
    }

    @Test
    void oneMisorderedDeliveryMissesTheTarget() {
        Samples samples = new Samples(List.of(sample(Peer.OURS, 0, 1), misordered()));

        assertThat(Target.evaluate(samples)).extracting(Target::met).containsExactly(false);
    }

    @Test
    void theReportShowsTargetsAndEveryServer() {
        Samples samples = new Samples(List.of(sample(Peer.OURS, 0, 7), sample(Peer.NODE, 0, 10)));

        String text = new Report(Map.of("java", "25"), samples, List.of("idle: gone")).markdown();

        assertThat(text)
                .contains("- java: 25")
                .contains("**Failed:** idle: gone")
                .contains("| 0.600 | 0.700 | 0.700 to 0.700 | 1 | **MISS** |")
                .contains("| cpuMicros | 7.00 | 10.0 |");
    }

    @Test
    void allocationOfABroadcastIsTakenFromJmh(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("jmh.json");
        Files.writeString(file, """
                [{"benchmark": "io.heliograph.bench.BroadcastBenchmark.one",
                  "primaryMetric": {"score": 80.5},
                  "secondaryMetrics": {"gc.alloc.rate.norm": {"rawData": [[0.5, 9.0], [0.25]]}}}]
                """);

        Samples samples = new Samples(JmhResults.read(file));

        assertThat(samples.spread("jmh BroadcastBenchmark.one", Peer.OURS, "nanos")
                        .median())
                .isEqualTo(80.5);
        assertThat(Target.evaluate(samples))
                .extracting(Target::limit, target -> target.measured().median(), Target::met)
                .containsExactly(tuple(1.0, 0.5, true));
    }

    private static Sample sample(String peer, int pair, double cpu) {
        return new Sample(SCENARIO, peer, pair, Map.of("cpuMicros", cpu, "misordered", 0.0));
    }

    private static Sample misordered() {
        return new Sample(SCENARIO, Peer.OURS, 1, Map.of("cpuMicros", 1.0, "misordered", 1.0));
    }
}
