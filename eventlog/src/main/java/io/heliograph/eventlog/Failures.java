package io.heliograph.eventlog;

import java.sql.SQLException;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/** Tells failures of the database apart. */
final class Failures {
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK_DETECTED = "40P01";

    private Failures() {}

    /** Busy or in conflict with another transaction: nothing has happened, and the same again may succeed. */
    static boolean isTransient(Throwable failure) {
        return sqlCause(failure)
                .filter(sql -> SqliteErrors.busy(sql)
                        || SERIALIZATION_FAILURE.equals(sql.getSQLState())
                        || DEADLOCK_DETECTED.equals(sql.getSQLState()))
                .isPresent();
    }

    /**
     * What a caller gets for what its command or query threw: the same, so that it can tell a duplicate key or an
     * exception of its own; but a failure of the database itself as {@link EventLogException}.
     */
    static Throwable outward(WorkspaceId workspace, Throwable failure) {
        return failure instanceof DataAccessException && !(failure instanceof DataIntegrityViolationException)
                ? new EventLogException("workspace " + workspace + ": the database failed", failure)
                : failure;
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
