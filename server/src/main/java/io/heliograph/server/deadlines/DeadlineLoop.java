package io.heliograph.server.deadlines;

import io.heliograph.eventlog.Ticker;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs its work repeatedly, each time at the deadline that the previous run returned, or earlier after a call of {@link
 * #within}. It runs at least once in {@code maxSleep}, because another node may have stored a deadline.
 *
 * <p>Work that fails is retried after {@code maxSleep}; unfinished work is still in the database.
 *
 * <p>Safe from any thread; the work itself never runs twice at the same time.
 */
public final class DeadlineLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineLoop.class);

    private final String name;
    private final ScheduledExecutorService scheduler;
    private final Duration maxSleep;
    private final Work work;
    private final Ticker clock;

    // Guarded by this.
    private @Nullable ScheduledFuture<?> next;
    private long nextAtNanos;
    private boolean running;
    private boolean askedWhileRunning;
    private long askedAtNanos;
    private boolean closed;

    /**
     * @param name for the log
     * @param scheduler runs the work, which blocks on the database; it belongs to the caller
     */
    public DeadlineLoop(String name, ScheduledExecutorService scheduler, Duration maxSleep, Work work) {
        this(name, scheduler, maxSleep, work, Ticker.system());
    }

    /** @param clock by which the scheduler measures its delays */
    DeadlineLoop(String name, ScheduledExecutorService scheduler, Duration maxSleep, Work work, Ticker clock) {
        this.name = name;
        this.scheduler = scheduler;
        this.maxSleep = maxSleep;
        this.work = work;
        this.clock = clock;
    }

    /** The work to run when a deadline passes. */
    @FunctionalInterface
    public interface Work {
        /** Does all due work and returns the time until the next deadline. */
        Duration run();
    }

    public void start() {
        within(Duration.ZERO);
    }

    /** Ensures that the work runs within {@code delay}. Never blocks. */
    public synchronized void within(Duration delay) {
        long at = clock.nanoTime() + delay.toNanos();
        if (running) {
            askedAtNanos = askedWhileRunning ? earlier(askedAtNanos, at) : at;
            askedWhileRunning = true;
        } else {
            schedule(at);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void run() {
        synchronized (this) {
            if (closed) {
                return;
            }
            running = true;
            next = null;
        }
        Duration sleep = maxSleep;
        try {
            Duration wished = work.run();
            sleep = wished.compareTo(maxSleep) < 0 ? wished : maxSleep;
        } catch (RuntimeException | Error failure) {
            // A boundary: the deadlines are in the database, and the next run finds them again.
            LOG.warn("{} failed and will be tried again in {} ms", name, maxSleep.toMillis(), failure);
        } finally {
            runAgainAfter(sleep);
        }
    }

    private synchronized void runAgainAfter(Duration sleep) {
        running = false;
        long at = clock.nanoTime() + Math.max(0, sleep.toNanos());
        if (askedWhileRunning) {
            askedWhileRunning = false;
            at = earlier(at, askedAtNanos);
        }
        schedule(at);
    }

    private void schedule(long at) {
        if (closed || (next != null && nextAtNanos - at <= 0)) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        nextAtNanos = at;
        next = scheduler.schedule(this::run, Math.max(0, at - clock.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }
}
