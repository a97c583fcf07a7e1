package io.heliograph.eventlog;

/** Where in a log a reader begins. Immutable. */
public sealed interface Start {

    /** With the first event after now. */
    static Start now() {
        return new Now();
    }

    /** With the oldest event that is kept. */
    static Start oldest() {
        return new Oldest();
    }

    /** With the event after a cursor, which is checked: one that does not fit the log leads to a reset. */
    static Start after(Cursor cursor) {
        return new After(cursor);
    }

    record Now() implements Start {}

    record Oldest() implements Start {}

    record After(Cursor cursor) implements Start {}
}
