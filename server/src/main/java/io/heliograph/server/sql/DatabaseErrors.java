package io.heliograph.server.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * Failures of both databases as Spring's exceptions, so that a feature catches the same type on each. Spring does not
 * know SQLite's driver, whose exceptions have no SQL state. Immutable.
 *
 * <p>Source: sqlite.org, "Result and Error Codes". The driver gives the primary code, and the name of the extended one
 * only in its message.
 */
final class DatabaseErrors implements SQLExceptionTranslator {
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_CONSTRAINT = 19;

    private final SQLExceptionTranslator bySqlState = new SQLExceptionSubclassTranslator();

    @Override
    public @Nullable DataAccessException translate(String task, @Nullable String sql, SQLException failure) {
        if (failure.getSQLState() != null) {
            return bySqlState.translate(task, sql, failure);
        }
        String message = task + ": " + failure.getMessage();
        return switch (failure.getErrorCode()) {
            case SQLITE_BUSY, SQLITE_LOCKED -> new CannotAcquireLockException(message, failure);
            case SQLITE_CONSTRAINT ->
                duplicate(message)
                        ? new DuplicateKeyException(message, failure)
                        : new DataIntegrityViolationException(message, failure);
            default -> new UncategorizedSQLException(task, sql, failure);
        };
    }

    private static boolean duplicate(String message) {
        return message.contains("SQLITE_CONSTRAINT_UNIQUE") || message.contains("SQLITE_CONSTRAINT_PRIMARYKEY");
    }
}
