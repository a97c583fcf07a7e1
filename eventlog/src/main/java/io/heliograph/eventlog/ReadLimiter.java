package io.heliograph.eventlog;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the number of reads of the log that run on this node at the same time. Others wait in the order of their
 * requests. Each feed requests few reads at a time, so a workspace with a thousand subscriptions does not delay the
 * others.
 *
 * <p>Safe from any thread; the lock guards both fields and is never held while a read runs.
 */
final class ReadLimiter {
    private final int maxRunning;
    private final Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    ReadLimiter(int maxRunning, Executor executor) {
        this.maxRunning = maxRunning;
        this.executor = executor;
    }

    /** Runs the read as soon as fewer than the maximum run. */
    void run(Runnable read) {
        lock.lock();
        try {
            if (running == maxRunning) {
                waiting.add(read);
                return;
            }
            running++;
        } finally {
            lock.unlock();
        }
        start(read);
    }

    private void start(Runnable read) {
        executor.execute(() -> {
            try {
                read.run();
            } finally {
                Runnable next = next();
                if (next != null) {
                    start(next);
                }
            }
        });
    }

    /** The read that follows one that has ended. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = waiting.poll();
            if (next == null) {
                running--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }
}
