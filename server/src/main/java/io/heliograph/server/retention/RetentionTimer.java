package io.heliograph.server.retention;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs all tasks at an interval on a dedicated thread. A task that fails does not affect the others, and is retried in
 * the next pass.
 */
final class RetentionTimer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionTimer.class);

    private final List<RetentionTask> tasks;
    private final Duration interval;
    private final MeterRegistry registry;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("retention").daemon().factory());
    private volatile boolean running;

    RetentionTimer(List<RetentionTask> tasks, Duration interval, MeterRegistry registry) {
        this.tasks = List.copyOf(tasks);
        this.interval = interval;
        this.registry = registry;
    }

    @Override
    public void start() {
        running = true;
        long millis = interval.toMillis();
        var _ = timer.scheduleWithFixedDelay(this::pass, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void pass() {
        for (RetentionTask task : tasks) {
            try {
                run(task);
            } catch (RuntimeException | Error failure) { // an Error would end the schedule
                if (running) {
                    LOG.warn("retention of {} failed; the next pass continues", task.rows(), failure);
                }
            }
        }
    }

    private void run(RetentionTask task) {
        long removed = 0;
        int some = running ? task.removeSome() : 0;
        while (some > 0) {
            removed += some;
            registry.counter("heliograph.retention.removed", "rows", task.rows())
                    .increment(some);
            some = running ? task.removeSome() : 0;
        }
        if (removed > 0) {
            LOG.info("retention removed {} {}", removed, task.rows());
        }
    }

    /** Stops the timer and waits until the running step has ended. */
    @Override
    public void stop() {
        running = false;
        timer.shutdownNow();
        timer.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
