package io.heliograph.socketio;

import io.heliograph.engineio.Session;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where middleware and listeners run. Callbacks of one session always run one after the other, in the order of the packets.
 *
 * <p>Threading: immutable.
 */
public final class Callbacks {

    /**
     * On virtual threads, the default: callbacks may block. When 256 of one session wait, its input pauses until half of
     * them are done.
     */
    public static final Callbacks VIRTUAL_THREADS =
            on(task -> Thread.ofVirtual().name("socketio-callback").start(task));

    /**
     * On the session's event loop, for listeners that never block: no change of threads. A callback that blocks stops every
     * session of that loop. An {@code emit} within a callback is delivered after it has returned.
     */
    public static final Callbacks LOOP = new Callbacks(null);

    // Missing for the loop.
    private final @Nullable Executor executor;

    private Callbacks(@Nullable Executor executor) {
        this.executor = executor;
    }

    /**
     * On threads of the application, with the same order and the same bound as {@link #VIRTUAL_THREADS}. A session uses one
     * thread at a time, for {@value CallbackRunner.OnExecutor#MAX_AT_ONCE} callbacks at most before others get it.
     *
     * @param executor must run its tasks on threads that may block; a session whose task it rejects is closed. The
     *     application that creates it closes it, after the server
     */
    public static Callbacks on(Executor executor) {
        return new Callbacks(Objects.requireNonNull(executor, "executor"));
    }

    CallbackRunner runner(Session session) {
        return executor == null ? new CallbackRunner.OnLoop(session) : new CallbackRunner.OnExecutor(session, executor);
    }
}
