package io.heliograph.gateway;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the deadlines of credentials: each entry knows its own next one, and all entries are looked at when the earliest
 * has come. An entry costs no timer, and nothing when it is removed.
 *
 * <p>Safe from any thread. {@link #runDue} is called several times a second; what is due runs on that thread, and must
 * not block.
 */
final class CredentialExpiry {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialExpiry.class);
    static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private final Iterable<? extends Entry> entries;
    private final AtomicLong earliestMillis = new AtomicLong(NEVER);

    /** Has a deadline, or {@link #NEVER} one. Safe from any thread. */
    interface Entry {
        /** Milliseconds since 1970. */
        long dueMillis();

        /** Moves on to the next deadline and does what is due at {@code now}, if it still is. */
        void runDue(Instant now);
    }

    /** @param entries all that there are, at each time; may change while it is walked through */
    CredentialExpiry(Clock clock, Iterable<? extends Entry> entries) {
        this.clock = clock;
        this.entries = entries;
    }

    /** One of the entries has a new deadline. */
    void planned(long dueMillis) {
        earliestMillis.accumulateAndGet(dueMillis, Math::min);
    }

    /** Runs what is due. What an entry throws is logged, and does not affect the others. */
    void runDue() {
        Instant now = clock.instant();
        long nowMillis = now.toEpochMilli();
        if (earliestMillis.get() > nowMillis) {
            return;
        }
        // Reset before the walk, so that a deadline planned during the walk is kept even if the walk has passed its
        // entry.
        earliestMillis.set(NEVER);
        for (Entry entry : entries) {
            try {
                if (entry.dueMillis() <= nowMillis) {
                    entry.runDue(now);
                }
                planned(entry.dueMillis());
            } catch (RuntimeException | Error failure) {
                LOG.error("the deadline of a credential failed", failure);
                // The entry is checked again at the next run, in case its deadline has not moved.
                planned(entry.dueMillis());
            }
        }
    }
}
