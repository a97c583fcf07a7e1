package io.heliograph.eventlog;

/** The database that holds the log failed, or could not be reached. */
public final class EventLogException extends RuntimeException {
    public EventLogException(String message) {
        super(message);
    }

    public EventLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
