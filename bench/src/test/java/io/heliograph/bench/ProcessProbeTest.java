package io.heliograph.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProcessProbeTest {
    private final long pid = ProcessHandle.current().pid();

    @Test
    void cpuTimeGrowsWithWork() {
        ProcessProbe.Cpu before = ProcessProbe.cpu(pid);

        Awaitility.await()
                .pollInSameThread()
                .pollInterval(Duration.ofNanos(1))
                .until(() -> ProcessProbe.cpu(pid).since(before).nanos() > 0);
    }

    @Test
    void residentMemoryIsInBytes() {
        assertThat(ProcessProbe.residentBytes(pid)).isBetween(10_000_000L, 100_000_000_000L);
    }
}
