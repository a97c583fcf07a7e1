package io.heliograph.server.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RetentionTimerFailuresTest {

    /** An Error that left the pass would end the schedule, and nothing would be removed until the next start. */
    @Test
    void anErrorOfOneTaskEndsNeitherTheOthersNorTheTimer() {
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger passed = new AtomicInteger();
        RetentionTask failing = RetentionTask.of("faults", () -> {
            failed.incrementAndGet();
            throw new StackOverflowError();
        });
        RetentionTask working = RetentionTask.of("things", () -> {
            passed.incrementAndGet();
            return 0;
        });
        RetentionTimer timer =
                new RetentionTimer(List.of(failing, working), Duration.ofMillis(1), new SimpleMeterRegistry());

        timer.start();
        await().until(() -> passed.get() >= 3);
        timer.stop();

        assertThat(failed.get()).isGreaterThanOrEqualTo(3);
    }

    /** The task always has more to remove, so only the stop ends its pass; {@code stop} waits for that. */
    @Test
    @Timeout(20)
    void aTimerThatIsStoppedEndsThePassThatIsUnderWay() {
        AtomicInteger steps = new AtomicInteger();
        RetentionTimer timer = new RetentionTimer(
                List.of(RetentionTask.of("things", steps::incrementAndGet)),
                Duration.ofMillis(1),
                new SimpleMeterRegistry());
        timer.start();
        await().until(() -> steps.get() > 0);

        timer.stop();

        assertThat(timer.isRunning()).isFalse();
    }
}
