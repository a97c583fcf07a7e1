package io.heliograph.eventlog;

/** Where in a log a subscription begins. Immutable. */
public sealed interface StartPosition {

    /** With the first event after now. */
    static StartPosition now() {
        return new Now();
    }

    /** With the oldest event that is kept. */
    static StartPosition oldest() {
        return new Oldest();
    }

    /** With the event after a cursor, which is checked: one that does not fit the log leads to a reset. */
    static StartPosition after(Cursor cursor) {
        return new After(cursor);
    }

    record Now() implements StartPosition {}

    record Oldest() implements StartPosition {}

    record After(Cursor cursor) implements StartPosition {}
}
