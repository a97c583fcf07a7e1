package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
    void theMedianDecides() {
        Samples samples = new Samples(List.of(
                sample(Peer.OURS, 0, 9),
                sample(Peer.NODE, 0, 10),
                sample(Peer.OURS, 1, 6),
                sample(Peer.NODE, 1, 10),
                sample(Peer.OURS, 2, 5),
                sample(Peer.NODE, 2, 10)));

        assertThat(Target.judge(samples))
                .extracting(Target::limit, Target::met)
                .containsExactly(tuple(0.6, true), tuple(0.0, true));
    }

    @Test
    void oneMisorderedDeliveryMissesTheTarget() {
        Samples samples = new Samples(List.of(sample(Peer.OURS, 0, 1), misordered()));

        assertThat(Target.judge(samples)).extracting(Target::met).containsExactly(false);
    }

    @Test
    void theReportShowsTargetsAndEveryServer() {
        Samples samples = new Samples(List.of(sample(Peer.OURS, 0, 7), sample(Peer.NODE, 0, 10)));

        String text = new Report(Map.of("java", "25"), samples).markdown();

        assertThat(text)
                .contains("- java: 25")
                .contains("| 0.600 | 0.700 | 0.700 to 0.700 | 1 | **MISS** |")
                .contains("| cpuMicros | 7.00 | 10.0 |");
    }

    private static Sample sample(String peer, int pair, double cpu) {
        return new Sample(SCENARIO, peer, pair, Map.of("cpuMicros", cpu, "misordered", 0.0));
    }

    private static Sample misordered() {
        return new Sample(SCENARIO, Peer.OURS, 1, Map.of("cpuMicros", 1.0, "misordered", 1.0));
    }
}
