package io.heliograph.server.gateway;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to happen to sockets at certain times: each knows its own next deadline, and all are looked at when the earliest
 * of them has come. A socket costs no timer and no entry in a list for it, and nothing at all when it goes.
 *
 * <p>Safe from any thread. Somebody calls {@link #runDue} several times a second; what is due runs on that thread, and must
 * not block.
 */
final class Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private final Iterable<? extends Holder> holders;
    private final AtomicLong earliestMillis = new AtomicLong(NEVER);

    /** Has a deadline, or {@link #NEVER} one. Safe from any thread. */
    interface Holder {
        /** Milliseconds since 1970. */
        long dueMillis();

        /** Moves on to the next deadline and does what is due at {@code now}, if it still is. */
        void runDue(Instant now);
    }

    /** @param holders all that there are, at each time; may change while it is walked through */
    Deadlines(Clock clock, Iterable<? extends Holder> holders) {
        this.clock = clock;
        this.holders = holders;
    }

    /** One of the holders has a new deadline. */
    void changed(Holder holder) {
        earliestMillis.accumulateAndGet(holder.dueMillis(), Math::min);
    }

    /** Runs what is due. What a holder throws is logged, and leaves the others alone. */
    void runDue() {
        Instant now = clock.instant();
        long nowMillis = now.toEpochMilli();
        if (earliestMillis.get() > nowMillis) {
            return;
        }
        // Before the walk: what changes meanwhile counts, whether the walk comes by it or not.
        earliestMillis.set(NEVER);
        for (Holder holder : holders) {
            try {
                if (holder.dueMillis() <= nowMillis) {
                    holder.runDue(now);
                }
                changed(holder);
            } catch (RuntimeException | Error failure) {
                LOG.error("a deadline of a socket failed", failure);
                // It is looked at again, in case it has not moved on.
                changed(holder);
            }
        }
    }
}
