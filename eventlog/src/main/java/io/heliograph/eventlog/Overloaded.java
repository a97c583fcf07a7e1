package io.heliograph.eventlog;

/**
 * Too many commands wait to be written; this one was refused at once, and nothing of it has happened. The
 * caller may try again after a short while.
 */
public final class Overloaded extends RuntimeException {
    public Overloaded(String message) {
        super(message);
    }
}
