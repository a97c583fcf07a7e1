package io.heliograph.gateway;

import io.github.bucket4j.TimeMeter;
import io.heliograph.engineio.BoundedAdmission;
import io.heliograph.eventlog.Scheduler;
import io.heliograph.eventlog.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * The time of a gateway: its clocks, its timers, and an executor whose tasks run when the test says so. For one thread.
 */
final class ManualTime extends Clock implements Scheduler, Executor, BoundedAdmission.Timer, TimeMeter {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

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
    public Subscription schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(nanos + delay.toNanos(), serial++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public void after(long delayNanos, Runnable step) {
        var _ = schedule(Duration.ofNanos(delayNanos), step);
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Runs one of the tasks, whichever: threads that are free run in any order. False when there is none. */
    boolean step(int choice) {
        if (tasks.isEmpty()) {
            return false;
        }
        tasks.remove(Math.floorMod(choice, tasks.size())).run();
        return true;
    }

    /** Moves on to the next timer that is due within {@code limit} from now, and runs it; false when there is none. */
    boolean stepTimer(long limitNanos) {
        Timer next = timers.peek();
        if (next == null || next.at() > limitNanos) {
            return false;
        }
        timers.remove(next);
        nanos = Math.max(nanos, next.at());
        next.task().run();
        return true;
    }

    void moveTo(long untilNanos) {
        nanos = untilNanos;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long currentTimeNanos() {
        return nanos;
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }

    @Override
    public Instant now() {
        return NOON.plusNanos(nanos);
    }

    @Override
    public Instant instant() {
        return now();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
