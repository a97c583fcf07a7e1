package io.heliograph.server;

import io.heliograph.eventlog.EventLogException;
import io.heliograph.eventlog.SqlEventLog;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Removes old events from the logs, pass after pass, on a thread of its own. Several nodes on one database may do so at
 * the same time: each step takes its turn with the workspace's commands, and finds what is left.
 */
final class RetentionTimer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionTimer.class);

    private final SqlEventLog log;
    private final RetentionSettings settings;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("retention").daemon().factory());
    private volatile boolean running;

    RetentionTimer(SqlEventLog log, RetentionSettings settings) {
        this.log = log;
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
        long millis = settings.interval().toMillis();
        var _ = timer.scheduleWithFixedDelay(this::pass, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void pass() {
        try {
            int removed = log.retain(settings.retention());
            if (removed > 0) {
                LOG.info("removed {} events that retention does not keep", removed);
            }
        } catch (EventLogException failure) {
            // The next pass goes on where this one ended.
            if (running) {
                LOG.warn("retention could not finish its pass", failure);
            }
        }
    }

    /** Returns when no pass runs any more: a step that has begun is finished. */
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
