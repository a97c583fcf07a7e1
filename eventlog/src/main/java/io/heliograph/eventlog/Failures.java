package io.heliograph.eventlog;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/**
 * Classifies failures of the database.
 *
 * <p>Source: PostgreSQL, "Error Codes"; sqlite.org, "Result and Error Codes".
 */
final class Failures {
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK_DETECTED = "40P01";
    private static final String CONNECTION_EXCEPTION = "08";
    private static final String INTEGRITY_CONSTRAINT_VIOLATION = "23";
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_CONSTRAINT = 19;
    /** PostgreSQL's admin_shutdown, crash_shutdown and cannot_connect_now. */
    private static final Set<String> BACKEND_ENDED = Set.of("57P01", "57P02", "57P03");

    private Failures() {}

    /** Busy or in conflict with another transaction: nothing has happened, and the same again may succeed. */
    static boolean isTransient(Throwable failure) {
        return sqlCause(failure)
                .filter(sql -> isBusy(sql)
                        || SERIALIZATION_FAILURE.equals(sql.getSQLState())
                        || DEADLOCK_DETECTED.equals(sql.getSQLState()))
                .isPresent();
    }

    /**
     * The connection ended while it was in use, as when the database restarts or ends its backends. A transaction whose
     * commit was not sent is rolled back by the database, so it may run again on another connection. A connection that
     * could not be had in time is no such failure: another attempt would wait as long.
     */
    static boolean isConnectionLost(Throwable failure) {
        return sqlCause(failure)
                .filter(sql -> !(sql instanceof SQLTransientConnectionException))
                .map(SQLException::getSQLState)
                .filter(state -> state.startsWith(CONNECTION_EXCEPTION) || BACKEND_ENDED.contains(state))
                .isPresent();
    }

    /**
     * What a caller gets for what its command or query threw: the same, so that it can tell a violated constraint or an
     * exception of its own; but a failure of the database itself, which is the direct cause of what was thrown, as
     * {@link EventLogException}.
     */
    static Throwable outward(WorkspaceId workspace, Throwable failure) {
        return failure.getCause() instanceof SQLException sql
                        && !isConstraint(sql)
                        && !(failure instanceof EventLogException)
                ? new EventLogException("workspace " + workspace + ": the database failed", failure)
                : failure;
    }

    private static boolean isConstraint(SQLException failure) {
        return failure.getSQLState() == null
                ? failure.getErrorCode() == SQLITE_CONSTRAINT
                : failure.getSQLState().startsWith(INTEGRITY_CONSTRAINT_VIOLATION);
    }

    /** SQLite's driver gives no SQL state. */
    private static boolean isBusy(SQLException failure) {
        return failure.getSQLState() == null
                && (failure.getErrorCode() == SQLITE_BUSY || failure.getErrorCode() == SQLITE_LOCKED);
    }

    private static Optional<SQLException> sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
