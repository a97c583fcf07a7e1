package io.heliograph.eventlog;

/**
 * Counts and times of a {@link SqlEventLog}. Every method is called on the writing thread and must not block or
 * throw. Durations are nanoseconds.
 */
public interface LogMetrics {
    LogMetrics NONE = new LogMetrics() {};

    /** One transaction was committed that carried {@code commands} commands and {@code events} events. */
    default void committed(int commands, int events, long nanos) {}

    /** A command began to run after it had waited in the queue. */
    default void waited(long nanos) {}

    /** A command was refused because the queue was full. */
    default void overloaded() {}

    /** A batch is tried again because the database was busy or saw a conflict. */
    default void repeated() {}

    /** A batch was given up with an {@link EventLogException}. */
    default void failed() {}

    /** Retention removed events. */
    default void removed(int events) {}
}
