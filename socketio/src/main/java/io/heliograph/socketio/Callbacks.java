package io.heliograph.socketio;

/** Where middleware and listeners run. */
public enum Callbacks {
    /**
     * On the session's event loop: fastest, and they must not block. All callbacks of one session run one after the other;
     * an {@code emit} within one is delivered after it has returned.
     */
    LOOP,
    /**
     * On virtual threads: they may block. Callbacks of one session still run one after the other, in the order of the
     * packets; when too many wait, the session's input pauses.
     */
    VIRTUAL_THREADS
}
