package io.heliograph.server.storage;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.BadSqlGrammarException;

/** Distinguishes an unavailable database from wrong SQL. */
public final class DatabaseFailures {
    private DatabaseFailures() {}

    /**
     * Whether the same request may succeed once the database is available: it is unreachable, read-only, restarting,
     * ended the connection, or was busy for too long. Otherwise a statement or its parameters are wrong.
     */
    public static boolean isOutage(DataAccessException failure) {
        return switch (failure) {
            case DataIntegrityViolationException _,
                    BadSqlGrammarException _,
                    IncorrectResultSizeDataAccessException _,
                    InvalidDataAccessApiUsageException _ -> false;
            default -> true;
        };
    }
}
