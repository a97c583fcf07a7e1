package io.heliograph.server.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Clients that connect at the same time, one behind the other: after a network comes back, verifying credentials and
 * looking up cursors is spread over some seconds. Who would wait for too long is turned away.
 *
 * <p>A yielding line is as fast as it may be while its own turns come in time. One that comes late has waited for what
 * others of this process do, so those wait as well: the line slows down as much as its turns are late, but never so much
 * that somebody who was let into it would wait for longer than {@code patience}. A steady one never slows down.
 *
 * <p>Bound: as many wait as may be let in within {@code patience}.
 *
 * <p>Threading: safe from any thread; turns are given on the timer's.
 */
final class ConnectLine {
    /** What comes at once is waited for by all who are connected already. */
    private static final Duration BURST = Duration.ofMillis(20);
    /** A turn that is no later than this is in time. */
    private static final long IN_TIME_NANOS = 500_000;
    /** Turns that are due within this time are given together. */
    private static final Duration STEP = Duration.ofMillis(2);

    private final Pace pace;
    private final long inTimeNanos;
    private final Duration patience;
    private final Timer timer;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    /** As {@link Pace} counts. */
    private long countedNanos;
    /** From one turn to the next now, and at most while anyone waits. */
    private long intervalNanos;

    private long longestIntervalNanos;
    /** When turns were given last, if any were due. */
    private long steppedNanos;

    /** Runs {@code step} after {@code delayNanos}, in the threads in which what is to be in time is done. */
    interface Timer {
        void after(long delayNanos, Runnable step);
    }

    private ConnectLine(Pace pace, long inTimeNanos, Duration patience, Timer timer, LongSupplier nanoTime) {
        this.pace = pace;
        this.inTimeNanos = inTimeNanos;
        this.patience = patience;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.countedNanos = pace.start(nanoTime.getAsLong());
        this.intervalNanos = pace.intervalNanos();
    }

    static ConnectLine yielding(int perSecond, Duration patience, Timer timer, LongSupplier nanoTime) {
        return new ConnectLine(pace(perSecond), IN_TIME_NANOS, patience, timer, nanoTime);
    }

    static ConnectLine steady(int perSecond, Duration patience, Timer timer, LongSupplier nanoTime) {
        return new ConnectLine(pace(perSecond), Long.MAX_VALUE, patience, timer, nanoTime);
    }

    private static Pace pace(int perSecond) {
        return Pace.perSecond(perSecond).withBurst(BURST);
    }

    /** How a client that comes now fares. */
    sealed interface Place {
        /** There is one; {@code turn} completes when it is its turn, and never fails. */
        record Taken(CompletionStage<Void> turn) implements Place {}

        /** There is none; {@code retryAfter} until there is one again, if nobody else comes. */
        record Full(Duration retryAfter) implements Place {}
    }

    /** Takes a place in the line, unless it is full. */
    synchronized Place enter() {
        long now = nanoTime.getAsLong();
        long next = pace.next(countedNanos, now);
        if (waiting.isEmpty() && next - now <= 0) {
            countedNanos = next;
            return new Place.Taken(CompletableFuture.completedFuture(null));
        }
        long excess = next - now + waiting.size() * pace.intervalNanos() - patience.toNanos();
        if (excess > 0) {
            return new Place.Full(Duration.ofNanos(excess));
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        waiting.add(turn);
        if (waiting.size() == 1) {
            intervalNanos = pace.intervalNanos();
            longestIntervalNanos = Long.MAX_VALUE;
            scheduleStep(now);
        }
        longestIntervalNanos = Math.min(longestIntervalNanos, patience.toNanos() / waiting.size());
        return new Place.Taken(turn);
    }

    /** How many wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** So many are let in per second now, or would be. */
    synchronized double perSecond() {
        return 1e9 / (waiting.isEmpty() ? pace.intervalNanos() : intervalNanos);
    }

    private void step(long dueNanos) {
        takeTurns(dueNanos).forEach(turn -> turn.complete(null));
    }

    private synchronized List<CompletableFuture<Void>> takeTurns(long dueNanos) {
        long now = nanoTime.getAsLong();
        slowDown(now - dueNanos);
        // While the line is slow, time counts for less; what was not given then is not made up for.
        long passed = now - steppedNanos;
        countedNanos += passed - (long) ((double) passed / intervalNanos * pace.intervalNanos());
        List<CompletableFuture<Void>> turns = new ArrayList<>();
        while (!waiting.isEmpty() && countedNanos + pace.intervalNanos() - now <= 0) {
            countedNanos += pace.intervalNanos();
            turns.add(waiting.remove());
        }
        if (!waiting.isEmpty()) {
            scheduleStep(now);
        }
        return turns;
    }

    private void slowDown(long lateNanos) {
        double times = Math.max(1, (double) lateNanos / inTimeNanos);
        long slower = Math.min((long) (pace.intervalNanos() * times), longestIntervalNanos);
        intervalNanos = Math.max(pace.intervalNanos(), slower);
    }

    private void scheduleStep(long now) {
        steppedNanos = now;
        long delay = Math.max(STEP.toNanos(), countedNanos + pace.intervalNanos() - now);
        timer.after(delay, () -> step(now + delay));
    }
}
