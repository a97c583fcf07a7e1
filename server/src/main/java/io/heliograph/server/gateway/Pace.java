package io.heliograph.server.gateway;

import java.util.concurrent.TimeUnit;

/**
 * So many a second, and as many at once after a quiet second. Immutable; whoever counts keeps one number: the time, in
 * nanoseconds, at which all that was let through so far would have passed one by one.
 *
 * @param intervalNanos from one to the next
 */
record Pace(long intervalNanos) {
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

    static Pace perSecond(int count) {
        return new Pace(BURST_NANOS / count);
    }

    /** Where somebody stands who has not counted yet. */
    long start(long nowNanos) {
        return nowNanos - BURST_NANOS;
    }

    /** The number after one more. Past {@code nowNanos}, that one comes too early by the difference. */
    long next(long countedNanos, long nowNanos) {
        return Math.max(countedNanos - nowNanos, -BURST_NANOS) + intervalNanos + nowNanos;
    }
}
