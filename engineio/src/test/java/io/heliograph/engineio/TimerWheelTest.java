package io.heliograph.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private static final long TICK = 10;

    private final ManualLoop loop = new ManualLoop();
    private final TimerWheel wheel = new TimerWheel(TICK, 10 * TICK, loop, () -> loop.now);
    private final List<String> expired = new ArrayList<>();

    @Test
    void aTimeoutIsNeverEarlyAndAtMostOneTickLate() {
        for (int delay = 1; delay < 20_000; delay += 37) {
            long due = loop.now + delay;
            long[] at = {0};
            wheel.schedule(entry(() -> at[0] = loop.now), delay);
            loop.advance(delay + 2 * TICK);
            assertThat(at[0]).isBetween(due, due + TICK + 1);
        }
    }

    @Test
    void movingATimeoutReplacesItsDeadline() {
        TimerWheel.Entry entry = entry(() -> expired.add("at " + loop.now));
        wheel.schedule(entry, 100);
        loop.advance(90);
        wheel.schedule(entry, 100);
        loop.advance(90);

        assertThat(expired).isEmpty();
        assertThat(wheel.size()).isEqualTo(1);
        loop.advance(30);
        assertThat(expired).hasSize(1);
    }

    @Test
    void aCancelledTimeoutNeverRuns() {
        TimerWheel.Entry entry = entry(() -> expired.add("no"));
        wheel.schedule(entry, 50);
        wheel.cancel(entry);
        wheel.cancel(entry);
        loop.advance(200);

        assertThat(expired).isEmpty();
        assertThat(wheel.size()).isZero();
    }

    @Test
    void anExpiringTimeoutMaySetMoveAndCancelOthers() {
        TimerWheel.Entry victim = entry(() -> expired.add("victim"));
        TimerWheel.Entry moved = entry(() -> expired.add("moved"));
        wheel.schedule(
                entry(() -> {
                    wheel.cancel(victim);
                    wheel.schedule(moved, 100);
                    wheel.schedule(entry(() -> expired.add("new")), 30);
                }),
                20);
        wheel.schedule(victim, 20);
        wheel.schedule(moved, 20);
        loop.advance(80);

        assertThat(expired).containsExactly("new");
        loop.advance(100);
        assertThat(expired).containsExactly("new", "moved");
    }

    @Test
    void anEmptyWheelStandsStill() {
        wheel.schedule(entry(() -> {}), 30);
        loop.advance(100);

        assertThat(loop.tasks).isEmpty();
    }

    @Test
    void afterALongPauseNotEverythingExpiresBeforeTheLoopCouldRead() {
        TimerWheel.Entry ponging = entry(() -> expired.add("pong missed"));
        wheel.schedule(ponging, 200);
        loop.pause(10_000);
        loop.advance(0);

        assertThat(expired).isEmpty();
    }

    /** One tick passes for the pause; what was left of the timeout is still to come. */
    @Test
    void afterALongPauseATimeoutHasWhatWasLeftOfIt() {
        wheel.schedule(entry(() -> expired.add("late")), 200);
        loop.pause(10_000);
        loop.advance(0);

        loop.advance(170);
        assertThat(expired).isEmpty();
        loop.advance(40);

        assertThat(expired).containsExactly("late");
    }

    @Test
    void whatIsSetAfterALongPauseIsKeptLikeAnyOther() {
        wheel.schedule(entry(() -> {}), 5_000);
        loop.pause(10_000);
        loop.advance(0);

        wheel.schedule(entry(() -> expired.add("new")), 50);
        loop.advance(49);
        assertThat(expired).isEmpty();
        loop.advance(TICK + 1);

        assertThat(expired).containsExactly("new");
    }

    /** Ten ticks are not long yet: a wheel that is so far behind catches up. */
    @Test
    void aShortPauseIsCaughtUp() {
        wheel.schedule(entry(() -> expired.add("due")), 95);
        loop.pause(100);
        loop.advance(0);
        assertThat(expired).containsExactly("due");

        wheel.schedule(entry(() -> expired.add("late")), 95);
        loop.pause(110);
        loop.advance(0);

        assertThat(expired).containsExactly("due");
    }

    @Test
    void randomTimeoutsAllExpireInOrderOfTheirTicks() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Long> due = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            long delay = random.nextLong(1, 12_000);
            long deadline = loop.now + delay;
            wheel.schedule(entry(() -> due.add(deadline)), delay);
            loop.advance(random.nextLong(0, 7));
        }
        loop.advance(13_000);

        assertThat(due).as("seed %d", seed).hasSize(2000);
        List<Long> ordered = due.stream().sorted(Comparator.naturalOrder()).toList();
        for (int i = 0; i < due.size(); i++) {
            assertThat(Math.abs(due.get(i) - ordered.get(i)))
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(2 * TICK);
        }
    }

    private static TimerWheel.Entry entry(Runnable action) {
        return new TimerWheel.Entry() {
            @Override
            void expire() {
                action.run();
            }
        };
    }

    private static final class ManualLoop implements TimerWheel.Scheduler {
        private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::due));
        private long now = 1_000_000;

        private record Task(Runnable task, long due) {}

        @Override
        public void schedule(Runnable task, long delayNanos) {
            tasks.add(new Task(task, now + delayNanos));
        }

        void pause(long nanos) {
            now += nanos;
        }

        void advance(long nanos) {
            long end = now + nanos;
            while (!tasks.isEmpty() && tasks.peek().due() <= end) {
                Task next = tasks.remove();
                now = Math.max(now, next.due());
                next.task().run();
            }
            now = end;
        }
    }
}
