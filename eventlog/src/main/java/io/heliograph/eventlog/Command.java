package io.heliograph.eventlog;

/**
 * A change of one workspace: reads and writes rows, and appends the events that announce it.
 *
 * <p>Commands of one workspace run one after the other, whichever node they came to. One may be run again when the
 * transaction that it shared had to be repeated, so it has no effect but through its {@link Transaction}. Whatever it
 * throws rolls back what it did, and nothing that others did. A statement that fails fails the whole command on
 * PostgreSQL even when the exception is caught: where a row may exist already, say {@code ON CONFLICT}.
 *
 * <p>It is short, waits for nothing but the database, and calls neither {@link EventLog#write} nor
 * {@link EventLog#read}. It runs on a thread of the log, so it sees no thread-local values of the caller.
 */
@FunctionalInterface
public interface Command<T> {
    T run(Transaction transaction);
}
