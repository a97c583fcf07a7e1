package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Session;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the callbacks of one session, one after the other, in the order in which they were given.
 *
 * <p>Threading: {@link #run} is safe from any thread.
 */
interface CallbackRunner {

    void run(Runnable callback);

    /** On the loop, at once when the caller is on it. */
    record OnLoop(Session session) implements CallbackRunner {
        @Override
        public void run(Runnable callback) {
            if (session.loop().inLoop()) {
                callback.run();
            } else {
                session.loop().execute(callback);
            }
        }
    }

    /**
     * In tasks of an executor, one at a time. When {@value #MAX_QUEUED} callbacks wait, the session takes no more input until
     * half of them are done.
     */
    final class OnExecutor implements CallbackRunner {

        static final int MAX_QUEUED = 256;

        /** Callbacks that one task runs. A pool of few threads serves other sessions in between. */
        static final int MAX_AT_ONCE = 64;

        private static final System.Logger LOG = System.getLogger(CallbackRunner.class.getName());

        private final Session session;
        private final Executor executor;
        private final Queue<Runnable> waiting = new ArrayDeque<>(4);
        // Guarded by this, as is the queue. Stays true when the executor rejects a task: nothing runs any more.
        private boolean running;
        private boolean paused;

        OnExecutor(Session session, Executor executor) {
            this.session = session;
            this.executor = executor;
        }

        @Override
        public void run(Runnable callback) {
            boolean start;
            boolean pause;
            synchronized (this) {
                waiting.add(callback);
                start = !running;
                running = true;
                pause = !paused && waiting.size() >= MAX_QUEUED;
                paused |= pause;
            }
            if (pause) {
                session.loop().execute(this::applyReading);
            }
            if (start) {
                submit();
            }
        }

        private void submit() {
            try {
                executor.execute(this::runSome);
            } catch (RejectedExecutionException rejected) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The executor of callbacks rejects a task; the session is closed",
                        rejected);
                session.close(CloseReason.TRANSPORT_ERROR);
            }
        }

        private void runSome() {
            for (int i = 0; i < MAX_AT_ONCE; i++) {
                Runnable callback = next();
                if (callback == null) {
                    return;
                }
                try {
                    callback.run();
                } catch (RuntimeException | Error failure) {
                    // The thread goes on: otherwise the socket would handle no further event.
                    LOG.log(System.Logger.Level.ERROR, "A callback failed; its session is closed", failure);
                    session.close(CloseReason.TRANSPORT_ERROR);
                }
            }
            submit();
        }

        private @Nullable Runnable next() {
            boolean resume;
            Runnable next;
            synchronized (this) {
                next = waiting.poll();
                running = next != null;
                resume = paused && waiting.size() <= MAX_QUEUED / 2;
                paused &= !resume;
            }
            if (resume) {
                session.loop().execute(this::applyReading);
            }
            return next;
        }

        /** Applies the current state: pausing and resuming may have been queued in the other order. */
        private void applyReading() {
            boolean pausedNow;
            synchronized (this) {
                pausedNow = paused;
            }
            session.reading(!pausedNow);
        }
    }
}
