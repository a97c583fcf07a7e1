package io.heliograph.eventlog;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in the order they were posted, on an executor that it shares with others. A step runs what
 * has piled up and then {@code endOfStep}; after a bounded step it lets others have the thread.
 *
 * <p>Safe from any thread.
 */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final int TASKS_PER_STEP = 1_024;

    private final Executor executor;
    private final BooleanSupplier endOfStep;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** @param endOfStep runs after the tasks of a step; true when there is more to do without any further task */
    Mailbox(Executor executor, BooleanSupplier endOfStep) {
        this.executor = executor;
        this.endOfStep = endOfStep;
    }

    void post(Runnable task) {
        tasks.add(task);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::step);
        }
    }

    private void step() {
        for (int i = 0; i < TASKS_PER_STEP; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            guarded(() -> {
                task.run();
                return false;
            });
        }
        boolean more = guarded(endOfStep);
        scheduled.set(false);
        if (more || !tasks.isEmpty()) {
            schedule();
        }
    }

    private static boolean guarded(BooleanSupplier task) {
        try {
            return task.getAsBoolean();
        } catch (RuntimeException | Error e) {
            // The owner guards what it calls; whatever comes here is a fault of the feed, and must not stop it.
            LOG.error("a feed's step failed", e);
            return false;
        }
    }
}
