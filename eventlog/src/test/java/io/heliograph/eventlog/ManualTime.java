package io.heliograph.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/** A clock, its timers, and an executor that only move when the test says so. For one thread. */
final class ManualTime implements Scheduler, Executor {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Runnable> tasks = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long nanos;
    private long serial;

    private record Timer(long at, long serial, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(serial, other.serial);
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return BEGIN.plusNanos(nanos);
    }

    @Override
    public Subscription schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(nanos + delay.toNanos(), serial++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    int timers() {
        return timers.size();
    }

    /** Runs one of the tasks, whichever: threads that are free run in any order. False when there is none. */
    boolean step(int choice) {
        if (tasks.isEmpty()) {
            return false;
        }
        tasks.remove(Math.floorMod(choice, tasks.size())).run();
        return true;
    }

    /** Runs all tasks, those too that they lead to. */
    void settle() {
        for (int i = 0; step(0); i++) {
            if (i > 1_000_000) {
                throw new AssertionError("the tasks never come to an end");
            }
        }
    }

    /** Moves the clock on, and runs all that is due on the way. */
    void advance(Duration duration) {
        long until = nanos + duration.toNanos();
        settle();
        for (Timer next = timers.peek(); next != null && next.at() <= until; next = timers.peek()) {
            timers.remove();
            nanos = Math.max(nanos, next.at());
            next.task().run();
            settle();
        }
        nanos = until;
    }
}
