package io.heliograph.server.gateway;

import java.util.concurrent.TimeUnit;

/**
 * So many a second, and some at once after a quiet time. Immutable; whoever counts keeps one number: the time, in
 * nanoseconds, at which all that was let through so far would have passed one by one.
 *
 * @param intervalNanos from one to the next
 * @param burstNanos what passes in this time may pass at once; at least {@code intervalNanos}
 */
record Pace(long intervalNanos, long burstNanos) {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** As many at once as in a second. */
    static Pace perSecond(int count) {
        return new Pace(SECOND / count, SECOND);
    }

    /** Where somebody stands who has not counted yet. */
    long start(long nowNanos) {
        return nowNanos - burstNanos;
    }

    /** The number after one more. Past {@code nowNanos}, that one comes too early by the difference. */
    long next(long countedNanos, long nowNanos) {
        return Math.max(countedNanos - nowNanos, -burstNanos) + intervalNanos + nowNanos;
    }
}
