package io.heliograph.server.search;

import io.heliograph.server.deadlines.DeadlineLoop;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Runs the feeder on a dedicated thread. Safe from any thread. */
final class SearchFeed implements AutoCloseable {
    /** Above zero, so that the thread can be closed between two steps. */
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("search-index").daemon().factory());
    private final IndexFeeder feeder;
    private final SearchMetrics metrics;
    private final Duration interval;
    private final DeadlineLoop loop;

    SearchFeed(IndexFeeder feeder, SearchMetrics metrics, Duration interval) {
        this.feeder = feeder;
        this.metrics = metrics;
        this.interval = interval;
        this.loop = new DeadlineLoop("the index of the search", scheduler, interval, this::pass);
    }

    void start() {
        loop.start();
    }

    private Duration pass() {
        long beganNanos = metrics.nanoTime();
        return switch (left()) {
            case EVENTS -> AT_ONCE;
            // As long as it took, so that commands have the database for half of the time at least.
            case OLDER -> Duration.ofNanos(metrics.nanoTime() - beganNanos);
            case NOTHING -> interval;
        };
    }

    private IndexFeeder.Left left() {
        try {
            return feeder.pass();
        } catch (RuntimeException | Error failure) {
            metrics.failed();
            throw failure; // the loop logs it and tries again
        }
    }

    /** Waits for the end of the running step. */
    @Override
    public void close() {
        loop.close();
        feeder.close();
        scheduler.close();
    }
}
