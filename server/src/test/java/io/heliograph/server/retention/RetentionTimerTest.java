package io.heliograph.server.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RetentionTimerTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void aTaskThatFailsKeepsNoOtherFromRunningAndStepsGoOnUntilNothingIsLeft() {
        AtomicInteger left = new AtomicInteger(1200);
        RetentionTask failing = RetentionTask.of("faults", () -> {
            throw new IllegalStateException("the database is away");
        });
        RetentionTask working = RetentionTask.of("things", () -> {
            int some = Math.min(RetentionTask.STEP, left.get());
            left.addAndGet(-some);
            return some;
        });

        RetentionTimer timer = new RetentionTimer(List.of(failing, working), Duration.ofMillis(1), registry);
        timer.start();
        await().until(() -> left.get() == 0);
        timer.stop();

        assertThat(registry.get("heliograph.retention.removed")
                        .tag("rows", "things")
                        .counter()
                        .count())
                .isEqualTo(1200);
        assertThat(timer.isRunning()).isFalse();
    }
}
