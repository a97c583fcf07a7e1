package io.heliograph.engineio;

import io.heliograph.engineio.HandshakeGate.Allowed;
import io.heliograph.engineio.HandshakeGate.Busy;
import io.heliograph.engineio.HandshakeGate.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Admits so many clients a second: a token bucket with a queue. A client that finds no token waits for one, first come,
 * first served; one that would wait longer than {@code timeout} is told when to come again.
 *
 * <p>Bound: as many wait as are admitted within {@code timeout}.
 *
 * <p>Threading: safe from any thread; admissions that had to wait complete on the timer's.
 */
public final class BoundedAdmission implements ConnectionAdmission {
    /** Part of a second whose clients may be admitted at once after a quiet time. */
    private static final double BURST_SECONDS = 0.02;
    /** Waiting clients are admitted in steps of at least this length. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int perSecond;
    private final double capacity;
    private final Duration timeout;
    private final String busy;
    private final Timer timer;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private final Queue<CompletableFuture<Verdict>> waiting = new ArrayDeque<>();
    private double tokens;
    private long filledNanos;

    /** Runs {@code step} once after {@code delayNanos}. */
    @FunctionalInterface
    public interface Timer {
        /** Runs {@code step} after {@code delayNanos} nanoseconds, and returns at once. */
        void after(long delayNanos, Runnable step);
    }

    /**
     * Admits clients at a rate.
     *
     * @param perSecond clients admitted in a second, a fiftieth of them at once, but one at least
     * @param timeout how long a client waits at most
     * @param busy what a client is told that would wait longer
     * @param nanoTime a clock that only goes forward, such as {@code System::nanoTime}
     * @throws IllegalArgumentException when {@code perSecond} is below 1, or {@code timeout} negative
     */
    public BoundedAdmission(int perSecond, Duration timeout, String busy, Timer timer, LongSupplier nanoTime) {
        if (perSecond < 1 || timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "perSecond is " + perSecond + " and timeout " + timeout + ", expected at least 1 and 0 s");
        }
        this.perSecond = perSecond;
        this.capacity = Math.max(1, perSecond * BURST_SECONDS);
        this.timeout = timeout;
        this.busy = busy;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.tokens = capacity;
        this.filledNanos = nanoTime.getAsLong();
    }

    @Override
    public synchronized CompletionStage<Verdict> admit() {
        fill();
        if (waiting.isEmpty() && tokens >= 1) {
            tokens--;
            return CompletableFuture.completedFuture(new Allowed());
        }
        long wait = nanosUntil(waiting.size() + 1);
        if (wait > timeout.toNanos()) {
            return CompletableFuture.completedFuture(new Busy(busy, Duration.ofNanos(wait - timeout.toNanos())));
        }
        CompletableFuture<Verdict> admitted = new CompletableFuture<>();
        waiting.add(admitted);
        if (waiting.size() == 1) {
            scheduleStep();
        }
        return admitted;
    }

    /** Clients that wait now. */
    public synchronized int waiting() {
        return waiting.size();
    }

    private void step() {
        // Outside of the lock: what continues there may come back here.
        take().forEach(admitted -> admitted.complete(new Allowed()));
    }

    private synchronized List<CompletableFuture<Verdict>> take() {
        fill();
        List<CompletableFuture<Verdict>> admitted = new ArrayList<>();
        while (!waiting.isEmpty() && tokens >= 1) {
            tokens--;
            admitted.add(waiting.remove());
        }
        if (!waiting.isEmpty()) {
            scheduleStep();
        }
        return admitted;
    }

    private void scheduleStep() {
        timer.after(Math.max(STEP_NANOS, nanosUntil(1)), this::step);
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        double more = (double) (now - filledNanos) * perSecond / TimeUnit.SECONDS.toNanos(1);
        tokens = Math.min(capacity, tokens + more);
        filledNanos = now;
    }

    /** Until there are so many tokens, if none is taken. */
    private long nanosUntil(int count) {
        return (long) Math.ceil((count - tokens) / perSecond * TimeUnit.SECONDS.toNanos(1));
    }
}
