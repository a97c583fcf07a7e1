package io.heliograph.eventlog;

/** The tables of the log. Safe from any thread, each with its own connection. */
record LogTables(HeadTable heads, EventTable events) {

    static LogTables of(Dialect dialect) {
        return new LogTables(new HeadTable(dialect), new EventTable());
    }
}
