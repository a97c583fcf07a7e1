package io.heliograph.eventlog;

import java.sql.Connection;
import java.time.Instant;

/** The open transaction of one {@link Command}. Owned by the thread that runs the command; not to be kept. */
public interface Transaction {

    /**
     * The connection of this transaction, for the command's own SQL: plain JDBC, or a library on top of it. The command
     * does not commit, roll back or close it, and changes none of its settings. One SQL text serves SQLite and
     * PostgreSQL.
     *
     * @throws IllegalStateException when the command has returned
     */
    Connection connection();

    /**
     * The database's time when this transaction began, in milliseconds' precision: the only clock that decisions use.
     * It is never before the time of any event that the workspace's log already holds, even when a clock was set back.
     */
    Instant now();

    /**
     * Adds an event. It is appended as the transaction's last statement, in the order of these calls.
     *
     * @return the cursor that the event has when the transaction commits
     */
    Cursor append(Draft draft);

    /** Runs after the commit, on the committing thread; must not block. Not run when the command fails. */
    void afterCommit(Runnable action);
}
