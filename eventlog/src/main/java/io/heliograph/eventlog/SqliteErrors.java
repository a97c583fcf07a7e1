package io.heliograph.eventlog;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * SQLite's failures as Spring's exceptions, so that a feature catches the same type on both databases. Immutable.
 *
 * <p>Source: sqlite.org, "Result and Error Codes". The driver gives the primary code, and the name of the extended one
 * only in its message.
 */
final class SqliteErrors implements SQLExceptionTranslator {
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int CONSTRAINT = 19;

    @Override
    public DataAccessException translate(String task, @Nullable String sql, SQLException failure) {
        String message = task + ": " + failure.getMessage();
        if (busy(failure)) {
            return new CannotAcquireLockException(message, failure);
        }
        if (failure.getErrorCode() == CONSTRAINT) {
            return duplicate(message)
                    ? new DuplicateKeyException(message, failure)
                    : new DataIntegrityViolationException(message, failure);
        }
        return new UncategorizedSQLException(task, sql, failure);
    }

    static boolean busy(SQLException failure) {
        return failure.getSQLState() == null && (failure.getErrorCode() == BUSY || failure.getErrorCode() == LOCKED);
    }

    private static boolean duplicate(String message) {
        return message.contains("SQLITE_CONSTRAINT_UNIQUE") || message.contains("SQLITE_CONSTRAINT_PRIMARYKEY");
    }
}
