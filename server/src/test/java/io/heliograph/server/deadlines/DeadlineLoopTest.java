package io.heliograph.server.deadlines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delays are measured from {@code System.nanoTime()}, so they are compared with a tolerance of a second. */
class DeadlineLoopTest {
    private static final Duration MAX_SLEEP = Duration.ofMinutes(10);
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<Supplier<Duration>> work = new ArrayList<>();
    private final DeadlineLoop loop = new DeadlineLoop(
            "the test", scheduler, MAX_SLEEP, () -> work.removeFirst().get());

    @BeforeEach
    void start() {
        loop.start();
    }

    @Test
    void theWorkBeginsAtOnceAndRunsAgainAtTheDeadlineThatItReturns() {
        assertDelay(Duration.ZERO);

        run(() -> Duration.ofMinutes(3));

        assertDelay(Duration.ofMinutes(3));
        run(() -> Duration.ZERO);
        assertDelay(Duration.ZERO);
    }

    @Test
    void itSleepsNoLongerThanItMay() {
        run(() -> Duration.ofDays(1));

        assertDelay(MAX_SLEEP);
    }

    @Test
    void aDeadlineThatHasPassedIsDueAtOnce() {
        run(() -> Duration.ofMinutes(-5));

        assertDelay(Duration.ZERO);
    }

    @Test
    void workThatFailsIsTriedAgain() {
        run(() -> {
            throw new IllegalStateException("the database is away");
        });
        assertDelay(MAX_SLEEP);

        run(() -> {
            throw new StackOverflowError();
        });
        assertDelay(MAX_SLEEP);

        run(() -> Duration.ofMinutes(3));
        assertDelay(Duration.ofMinutes(3));
    }

    @Test
    void anEarlierDeadlineReplacesTheNextAndALaterOneDoesNot() {
        run(() -> Duration.ofMinutes(5));

        loop.within(Duration.ofMinutes(7));
        assertDelay(Duration.ofMinutes(5));
        loop.within(Duration.ofMinutes(2));

        assertDelay(Duration.ofMinutes(2));
    }

    @Test
    void whatIsAskedWhileTheWorkRunsCountsWhenItHasEnded() {
        run(() -> {
            loop.within(Duration.ofMinutes(4));
            loop.within(Duration.ofMinutes(1));
            loop.within(Duration.ofMinutes(2));
            assertThat(scheduler.waiting()).isZero();
            return Duration.ofMinutes(9);
        });
        assertDelay(Duration.ofMinutes(1));

        // Once: the next run has its own deadline.
        run(() -> Duration.ofMinutes(9));
        assertDelay(Duration.ofMinutes(9));
    }

    @Test
    void whatIsAskedWhileTheWorkFailsCountsToo() {
        run(() -> {
            loop.within(Duration.ofMinutes(1));
            throw new IllegalStateException("the database is away");
        });

        assertDelay(Duration.ofMinutes(1));
    }

    @Test
    void aLoopThatIsClosedRunsNoMore() {
        loop.close();
        assertThat(scheduler.waiting()).isZero();

        loop.within(Duration.ZERO);

        assertThat(scheduler.waiting()).isZero();
    }

    @Test
    void aLoopThatIsClosedByItsWorkRunsNoMore() {
        run(() -> {
            loop.close();
            return Duration.ZERO;
        });

        assertThat(scheduler.waiting()).isZero();
    }

    private void run(Supplier<Duration> next) {
        work.add(next);
        scheduler.run();
        assertThat(work).isEmpty();
    }

    private void assertDelay(Duration expected) {
        assertThat(scheduler.delay()).isBetween(expected.minus(TOLERANCE), expected);
    }
}
