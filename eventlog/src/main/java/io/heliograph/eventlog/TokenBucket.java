package io.heliograph.eventlog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * So many bytes a second, and a fiftieth of it at once after a quiet time: what is sent at once stands in front of
 * everybody else's events. What is spent beyond that is a debt, which is waited off. Owned by its feed.
 */
final class TokenBucket {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final int PARTS = 50;

    private final long perSecond;
    private final double atOnce;
    private final Scheduler scheduler;
    private double left;
    private long asOf;

    TokenBucket(long perSecond, Scheduler scheduler) {
        this.perSecond = perSecond;
        this.scheduler = scheduler;
        this.atOnce = (double) perSecond / PARTS;
        this.left = atOnce;
        this.asOf = scheduler.nanoTime();
    }

    boolean open() {
        long now = scheduler.nanoTime();
        left = Math.min(atOnce, left + (double) (now - asOf) * perSecond / SECOND);
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
