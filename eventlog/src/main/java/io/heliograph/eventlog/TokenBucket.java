package io.heliograph.eventlog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket of bytes: {@code perSecond} flow in, and a fiftieth of that is its capacity, because a burst delays the
 * events of all others. It opens while it has tokens; spending more than it has is a debt that later inflow pays.
 * Owned by its feed.
 */
final class TokenBucket {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration MIN_WAIT = Duration.ofMillis(1);

    private static final int BURSTS_PER_SECOND = 50;

    private final long perSecond;
    private final double capacity;
    private final Scheduler scheduler;
    private double tokens;
    private long refilledAtNanos;

    TokenBucket(long perSecond, Scheduler scheduler) {
        this.perSecond = perSecond;
        this.scheduler = scheduler;
        this.capacity = (double) perSecond / BURSTS_PER_SECOND;
        this.tokens = capacity;
        this.refilledAtNanos = scheduler.nanoTime();
    }

    boolean open() {
        long now = scheduler.nanoTime();
        tokens = Math.min(capacity, tokens + (double) (now - refilledAtNanos) * perSecond / SECOND_NANOS);
        refilledAtNanos = now;
        return tokens > 0;
    }

    void spend(long bytes) {
        tokens -= bytes;
    }

    /** How long until {@link #open} is true again when nothing is spent. */
    Duration untilOpen() {
        Duration wait = Duration.ofNanos((long) (-tokens / perSecond * SECOND_NANOS) + 1);
        return wait.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : wait;
    }
}
