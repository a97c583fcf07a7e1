package io.heliograph.eventlog;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the reads of the log that readers catch up with on this node. Those that wait stand in one line; each
 * workspace has at most its own few reads in it, so that one with a thousand readers does not keep the others waiting.
 *
 * <p>Safe from any thread; the lock guards both fields and is never held while a read runs.
 */
final class ReadGate {
    private final int atOnce;
    private final Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> line = new ArrayDeque<>();
    private int running;

    ReadGate(int atOnce, Executor executor) {
        this.atOnce = atOnce;
        this.executor = executor;
    }

    /** Runs the read as soon as it is its turn. */
    void run(Runnable read) {
        lock.lock();
        try {
            line.add(read);
            if (running == atOnce) {
                return;
            }
            running++;
        } finally {
            lock.unlock();
        }
        executor.execute(this::next);
    }

    private void next() {
        try {
            take().run();
        } finally {
            if (goOn()) {
                executor.execute(this::next);
            }
        }
    }

    private Runnable take() {
        lock.lock();
        try {
            return line.remove();
        } finally {
            lock.unlock();
        }
    }

    private boolean goOn() {
        lock.lock();
        try {
            if (line.isEmpty()) {
                running--;
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
