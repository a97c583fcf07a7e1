package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final ManualClock clock = new ManualClock();
    private final Deadlines deadlines = new Deadlines(clock);
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsWhatIsDueInOrderOfTimeAndOnce() {
        deadlines.add(NOON.plusSeconds(2), () -> ran.add("second"));
        deadlines.add(NOON.plusSeconds(1), () -> ran.add("first"));
        deadlines.add(NOON.plusSeconds(3), () -> ran.add("third"));

        deadlines.runDue();
        assertThat(ran).isEmpty();
        clock.now = NOON.plusSeconds(2);
        deadlines.runDue();
        deadlines.runDue();

        assertThat(ran).containsExactly("first", "second");
        assertThat(deadlines.size()).isEqualTo(1);
    }

    @Test
    void whatWasTakenBackDoesNotRun() {
        Runnable undo = deadlines.add(NOON, () -> ran.add("never"));
        deadlines.add(NOON, () -> ran.add("beside it"));

        undo.run();
        deadlines.runDue();

        assertThat(ran).containsExactly("beside it");
    }

    private static final class ManualClock extends Clock {
        private Instant now = NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
