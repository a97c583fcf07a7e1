package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class CredentialExpiryTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final ManualClock clock = new ManualClock(NOON);
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final CredentialExpiry expiry = new CredentialExpiry(clock, entries);
    private final List<String> ran = new ArrayList<>();
    private int looks;

    @Test
    void runsWhatIsDueOnce() {
        add("later", NOON.plusSeconds(3));
        add("sooner", NOON.plusSeconds(1));
        add("at the same time", NOON.plusSeconds(1));

        expiry.runDue();
        assertThat(ran).isEmpty();
        at(NOON.plusSeconds(2));
        expiry.runDue();
        assertThat(ran).containsExactly("sooner", "at the same time");
        at(NOON.plusSeconds(3));
        expiry.runDue();

        assertThat(ran).containsExactly("sooner", "at the same time", "later");
    }

    @Test
    void looksAtNoneBeforeTheEarliestIsDue() {
        add("soon", NOON.plusSeconds(1));
        add("later", NOON.plusSeconds(9));
        looks = 0;

        expiry.runDue();
        assertThat(looks).isZero();
        at(NOON.plusSeconds(1));
        expiry.runDue();
        looks = 0;
        at(NOON.plusSeconds(8));
        expiry.runDue();

        assertThat(ran).containsExactly("soon");
        assertThat(looks).isZero();
    }

    @Test
    void whatRunsMayHaveAnotherDeadline() {
        Entry entry = add("again", NOON);
        entry.then = NOON.plusSeconds(5).toEpochMilli();

        expiry.runDue();
        at(NOON.plusSeconds(5));
        expiry.runDue();
        expiry.runDue();

        assertThat(ran).containsExactly("again", "again");
    }

    @Test
    void anEntryThatIsGoneIsNotRun() {
        Entry gone = add("gone", NOON);
        add("beside it", NOON);

        entries.remove(gone);
        expiry.runDue();

        assertThat(ran).containsExactly("beside it");
    }

    @Test
    void oneThatFailsDoesNotTakeThoseBehindItAlong() {
        add("fails", NOON).failing = true;
        add("behind it", NOON);
        add("later", NOON.plusSeconds(9));

        expiry.runDue();
        assertThat(ran).containsExactly("behind it");
        at(NOON.plusSeconds(9));
        expiry.runDue();

        assertThat(ran).containsExactly("behind it", "later");
    }

    private Entry add(String name, Instant due) {
        Entry entry = new Entry(name, due.toEpochMilli());
        entries.add(entry);
        expiry.planned(entry.dueMillis());
        return entry;
    }

    private void at(Instant now) {
        clock.set(now);
    }

    private final class Entry implements CredentialExpiry.Entry {
        private final String name;
        private long due;
        private long then = CredentialExpiry.NEVER;
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
            then = CredentialExpiry.NEVER;
            if (failing) {
                throw new AssertionError(name);
            }
            ran.add(name);
        }
    }
}
