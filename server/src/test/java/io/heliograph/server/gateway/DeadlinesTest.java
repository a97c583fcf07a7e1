package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final ManualClock clock = new ManualClock();
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final Deadlines deadlines = new Deadlines(clock, entries);
    private final List<String> ran = new ArrayList<>();
    private int looks;

    @Test
    void runsWhatIsDueOnce() {
        add("later", NOON.plusSeconds(3));
        add("sooner", NOON.plusSeconds(1));
        add("at the same time", NOON.plusSeconds(1));

        deadlines.runDue();
        assertThat(ran).isEmpty();
        at(NOON.plusSeconds(2));
        deadlines.runDue();
        assertThat(ran).containsExactly("sooner", "at the same time");
        at(NOON.plusSeconds(3));
        deadlines.runDue();

        assertThat(ran).containsExactly("sooner", "at the same time", "later");
    }

    @Test
    void looksAtNoneBeforeTheEarliestIsDue() {
        add("soon", NOON.plusSeconds(1));
        add("later", NOON.plusSeconds(9));
        looks = 0;

        deadlines.runDue();
        assertThat(looks).isZero();
        at(NOON.plusSeconds(1));
        deadlines.runDue();
        looks = 0;
        at(NOON.plusSeconds(8));
        deadlines.runDue();

        assertThat(ran).containsExactly("soon");
        assertThat(looks).isZero();
    }

    @Test
    void whatRunsMayHaveAnotherDeadline() {
        Entry entry = add("again", NOON);
        entry.then = NOON.plusSeconds(5).toEpochMilli();

        deadlines.runDue();
        at(NOON.plusSeconds(5));
        deadlines.runDue();
        deadlines.runDue();

        assertThat(ran).containsExactly("again", "again");
    }

    @Test
    void whoeverIsGoneIsNotRun() {
        Entry gone = add("gone", NOON);
        add("beside it", NOON);

        entries.remove(gone);
        deadlines.runDue();

        assertThat(ran).containsExactly("beside it");
    }

    @Test
    void oneThatFailsDoesNotTakeThoseBehindItAlong() {
        add("fails", NOON).failing = true;
        add("behind it", NOON);
        add("later", NOON.plusSeconds(9));

        deadlines.runDue();
        assertThat(ran).containsExactly("behind it");
        at(NOON.plusSeconds(9));
        deadlines.runDue();

        assertThat(ran).containsExactly("behind it", "later");
    }

    private Entry add(String name, Instant due) {
        Entry entry = new Entry(name, due.toEpochMilli());
        entries.add(entry);
        deadlines.changed(entry);
        return entry;
    }

    private void at(Instant now) {
        clock.now = now;
    }

    private final class Entry implements Deadlines.Holder {
        private final String name;
        private long due;
        private long then = Deadlines.NEVER;
        private boolean failing;

        Entry(String name, long due) {
            this.name = name;
            this.due = due;
        }

        @Override
        public long dueMillis() {
            looks++;
            return due;
        }

        @Override
        public void runDue(Instant now) {
            due = then;
            then = Deadlines.NEVER;
            if (failing) {
                throw new AssertionError(name);
            }
            ran.add(name);
        }
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
