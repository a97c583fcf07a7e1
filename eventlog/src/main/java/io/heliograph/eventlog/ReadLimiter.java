package io.heliograph.eventlog;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the reads of the log that readers catch up with on this node. Those that wait stand in one line; each
 * workspace has at most its own few reads in it, so that one with a thousand readers does not keep the others waiting.
 *
 * <p>Safe from any thread; the lock guards both fields and is never held while a read runs.
 */
final class ReadLimiter {
    private final int atOnce;
    private final Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> line = new ArrayDeque<>();
    private int running;

    ReadLimiter(int atOnce, Executor executor) {
        this.atOnce = atOnce;
        this.executor = executor;
    }

    /** Runs the read as soon as it is its turn. */
    void run(Runnable read) {
        lock.lock();
        try {
            if (running == atOnce) {
                line.add(read);
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

    /** The read that takes over the place of one that has ended. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = line.poll();
            if (next == null) {
                running--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }
}
