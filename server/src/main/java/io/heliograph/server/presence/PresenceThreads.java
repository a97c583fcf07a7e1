package io.heliograph.server.presence;

import io.heliograph.eventlog.Scheduler;
import io.heliograph.eventlog.SystemScheduler;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The timer of presence, and the one thread that makes its updates; neither exists before the first is needed. */
final class PresenceThreads implements AutoCloseable {
    private static final int MAX_WAITING = 4_096;

    private final SystemScheduler scheduler = new SystemScheduler();
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofVirtual().name("presence").factory());

    Scheduler scheduler() {
        return scheduler;
    }

    Executor worker() {
        return worker;
    }

    @Override
    public void close() {
        scheduler.close();
        worker.shutdownNow();
    }
}
