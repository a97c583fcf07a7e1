package io.heliograph.server.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.UncategorizedSQLException;

class DatabaseErrorsTest {

    private static @Nullable DataAccessException translated(String message, @Nullable String state, int code) {
        return new DatabaseErrors().translate("insert", "insert into thing", new SQLException(message, state, code));
    }

    @Test
    void aDuplicateKeyIsTheSameOnBothDatabases() {
        assertThat(translated("[SQLITE_CONSTRAINT_UNIQUE] thing.id", null, 19))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(translated("[SQLITE_CONSTRAINT_PRIMARYKEY] thing.id", null, 19))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(translated("duplicate key value", "23505", 0)).isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void anotherViolatedConstraintIsTheSameOnBothDatabases() {
        for (@Nullable
        DataAccessException failure : new @Nullable DataAccessException[] {
            translated("[SQLITE_CONSTRAINT_NOTNULL] thing.value", null, 19), translated("not null", "23502", 0)
        }) {
            assertThat(failure)
                    .isInstanceOf(DataIntegrityViolationException.class)
                    .isNotInstanceOf(DuplicateKeyException.class);
        }
    }

    @Test
    void aBusyDatabaseIsALockThatCouldNotBeHad() {
        assertThat(translated("busy", null, 5)).isInstanceOf(CannotAcquireLockException.class);
        assertThat(translated("locked", null, 6)).isInstanceOf(CannotAcquireLockException.class);
    }

    @Test
    void otherFailuresAreTold() {
        assertThat(translated("disk full", null, 13)).isInstanceOf(UncategorizedSQLException.class);
        assertThat(translated("syntax error", "42601", 0)).isInstanceOf(BadSqlGrammarException.class);
    }
}
