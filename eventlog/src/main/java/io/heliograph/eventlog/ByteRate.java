package io.heliograph.eventlog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * So many bytes a second, and as many at once after a quiet second. What is spent beyond that is a debt, which is
 * waited off. Owned by its feed.
 */
final class ByteRate {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final long perSecond;
    private final Scheduler scheduler;
    private double left;
    private long asOf;

    ByteRate(long perSecond, Scheduler scheduler) {
        this.perSecond = perSecond;
        this.scheduler = scheduler;
        this.left = perSecond;
        this.asOf = scheduler.nanoTime();
    }

    boolean open() {
        long now = scheduler.nanoTime();
        left = Math.min((double) perSecond, left + (double) (now - asOf) * perSecond / SECOND);
        asOf = now;
        return left > 0;
    }

    void spend(long bytes) {
        left -= bytes;
    }

    /** Until {@link #open} is true again when nothing is spent. */
    Duration untilOpen() {
        Duration wait = Duration.ofNanos((long) (-left / perSecond * SECOND) + 1);
        return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
    }
}
