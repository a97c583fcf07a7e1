package io.heliograph.server.deadlines;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Keeps what it is asked to run, and runs it when the test says so. For one thread. */
final class ManualScheduler extends ScheduledThreadPoolExecutor {
    private final List<Task> tasks = new ArrayList<>();

    ManualScheduler() {
        super(1);
        shutdown();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command, Duration.ofNanos(unit.toNanos(delay)));
        tasks.add(task);
        return task;
    }

    /** The delay of the only task that waits. */
    Duration delay() {
        return only().delay;
    }

    int waiting() {
        return tasks.size();
    }

    /** Runs the only task that waits. */
    void run() {
        Task task = only();
        tasks.remove(task);
        task.command.run();
    }

    private Task only() {
        if (tasks.size() != 1) {
            throw new AssertionError("expected one task, there are " + tasks.size());
        }
        return tasks.getFirst();
    }

    private final class Task implements ScheduledFuture<Object> {
        private final Runnable command;
        private final Duration delay;

        Task(Runnable command, Duration delay) {
            this.command = command;
            this.delay = delay;
        }

        @Override
        public boolean cancel(boolean interrupt) {
            return tasks.remove(this);
        }

        @Override
        public boolean isCancelled() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isDone() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object get() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }
}
