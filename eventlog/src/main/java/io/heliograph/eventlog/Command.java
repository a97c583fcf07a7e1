package io.heliograph.eventlog;

/**
 * A change of one workspace: reads and writes rows, and appends the events that tell of it.
 *
 * <p>It may be run again when the transaction that it shared had to be repeated, so it has no effect but through its
 * {@link Transaction}. Whatever it throws rolls back what it did, and nothing that others did.
 */
@FunctionalInterface
public interface Command<T> {
    T run(Transaction transaction);
}
