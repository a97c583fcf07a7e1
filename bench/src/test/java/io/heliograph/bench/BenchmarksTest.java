package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The micro benchmarks measure what they say. */
class BenchmarksTest {
    @Test
    void broadcastWritesOnceForEachSocketAndTurn() {
        BroadcastBenchmark benchmark = new BroadcastBenchmark();
        benchmark.connect(50);
        try {
            long before = benchmark.one();

            assertThat(benchmark.one() - before).isEqualTo(50);
            assertThat(benchmark.eightSharingAWrite() - before).isEqualTo(100);
        } finally {
            benchmark.disconnect();
        }
    }

    @Test
    void everyFrameReachesTheListener() {
        CodecBenchmark benchmark = new CodecBenchmark();
        benchmark.connect();

        assertThat(benchmark.decodeFrameAndPacket()).isEqualTo(128);
        assertThat(benchmark.encodePacketAndFrame().bytes())
                .isEqualTo(4 + "42[\"tick\",\"\"]".length() + Payload.LENGTH);
    }
}
