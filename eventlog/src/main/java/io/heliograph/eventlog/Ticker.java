package io.heliograph.eventlog;

/** A clock that measures elapsed time and never runs backwards. Safe from any thread. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since an arbitrary moment; only differences have a meaning. */
    long nanoTime();

    /** The clock of this process. */
    static Ticker system() {
        return System::nanoTime;
    }
}
