package io.heliograph.server.time;

/**
 * Nanoseconds of a clock that never runs backwards; only differences have a meaning. Tests supply their own. Safe from
 * any thread.
 */
@FunctionalInterface
public interface MonotonicClock {
    /** The machine's. */
    MonotonicClock SYSTEM = System::nanoTime;

    long nanoTime();
}
