package io.heliograph.eventlog;

/** A read of one workspace in one snapshot. It never writes. */
@FunctionalInterface
public interface Query<T> {
    T run(Snapshot snapshot);
}
