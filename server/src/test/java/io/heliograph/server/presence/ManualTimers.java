package io.heliograph.server.presence;

import io.heliograph.eventlog.Scheduler;
import io.heliograph.eventlog.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** Timers that run when the test lets time pass. For one thread. */
final class ManualTimers implements Scheduler {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final Queue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::serial));
    private long nanos = 1_000;
    private long serial;

    private record Timer(long at, long serial, Runnable task) {}

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return NOON.plusNanos(nanos);
    }

    @Override
    public Subscription schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(nanos + delay.toNanos(), serial++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    int waiting() {
        return timers.size();
    }

    /** Runs what is due until then, in its order. */
    void advance(Duration duration) {
        long until = nanos + duration.toNanos();
        for (Timer next = timers.peek(); next != null && next.at <= until; next = timers.peek()) {
            timers.remove(next);
            nanos = Math.max(nanos, next.at);
            next.task.run();
        }
        nanos = until;
    }
}
