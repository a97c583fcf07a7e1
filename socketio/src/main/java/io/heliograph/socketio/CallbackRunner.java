package io.heliograph.socketio;

import io.heliograph.engineio.CloseReason;
import io.heliograph.engineio.Session;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Runs the callbacks of one session, one after the other, in the order in which they were given.
 *
 * <p>Threading: {@link #run} is safe from any thread.
 */
interface CallbackRunner {

    void run(Runnable callback);

    static CallbackRunner of(Callbacks where, Session session) {
        return switch (where) {
            case LOOP -> new OnLoop(session);
            case VIRTUAL_THREADS -> new OnVirtualThreads(session);
        };
    }

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
     * On a virtual thread that lives as long as there are callbacks. When {@value #MAX_QUEUED} wait, the session takes no
     * more input until half of them are done.
     */
    final class OnVirtualThreads implements CallbackRunner {

        static final int MAX_QUEUED = 256;

        private static final System.Logger LOG = System.getLogger(CallbackRunner.class.getName());

        private final Session session;
        private final Queue<Runnable> waiting = new ArrayDeque<>(4);
        // Guarded by this, as is the queue.
        private boolean running;
        private boolean paused;

        OnVirtualThreads(Session session) {
            this.session = session;
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
                Thread.ofVirtual().name("socketio-callback").start(this::runAll);
            }
        }

        private void runAll() {
            Runnable callback;
            while ((callback = next()) != null) {
                try {
                    callback.run();
                } catch (RuntimeException | Error failure) {
                    // The thread goes on: otherwise the socket would handle no further event.
                    LOG.log(System.Logger.Level.ERROR, "A callback failed; its session is closed", failure);
                    session.close(CloseReason.TRANSPORT_ERROR);
                }
            }
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
