package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

    private static RuntimeException wrapped(SQLException failure) {
        return new IllegalStateException("wrapped", new RuntimeException(failure));
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aConflictWithAnotherTransactionIsTransient(String state) {
        assertThat(Failures.isTransient(new SQLException("no", state))).isTrue();
        assertThat(Failures.isTransient(wrapped(new SQLException("no", state)))).isTrue();
        assertThat(Failures.isConnectionLost(new SQLException("no", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void aBusySqliteIsTransient(int code) {
        assertThat(Failures.isTransient(new SQLException("busy", null, code))).isTrue();
        assertThat(Failures.isTransient(new SQLException("of another database", "XX000", code)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08000", "08006", "57P01", "57P02", "57P03"})
    void aConnectionThatEndedIsLost(String state) {
        assertThat(Failures.isConnectionLost(wrapped(new SQLException("gone", state))))
                .isTrue();
        assertThat(Failures.isTransient(new SQLException("gone", state))).isFalse();
    }

    @Test
    void aConnectionThatCouldNotBeHadInTimeIsNotLost() {
        assertThat(Failures.isConnectionLost(new SQLTransientConnectionException("no connection", "08001")))
                .isFalse();
    }

    @Test
    void aFailureOfTheDatabaseIsTheLogsOwnException() {
        RuntimeException failure = new IllegalStateException(new SQLException("disk full", "53100"));

        assertThat(Failures.outward(Samples.ACME, failure))
                .isInstanceOf(EventLogException.class)
                .hasCause(failure);
    }

    @Test
    void aViolatedConstraintAndWhatTheCommandThrewItselfAreHandedOn() {
        for (RuntimeException failure : new RuntimeException[] {
            new IllegalStateException(new SQLException("duplicate", "23505")),
            new IllegalStateException(new SQLException("duplicate", null, 19)),
            new IllegalStateException("no"),
            wrapped(new SQLException("wrapped on purpose", "53100")),
            new EventLogException("the log's own", new SQLException("disk full", "53100"))
        }) {
            assertThat(Failures.outward(Samples.ACME, failure)).isSameAs(failure);
        }
    }

    @Test
    void anythingElseIsNeither() {
        for (Exception failure : new Exception[] {
            new SQLException("duplicate", "23505"), new SQLException("no state"), new IllegalStateException("no")
        }) {
            assertThat(Failures.isTransient(failure)).isFalse();
            assertThat(Failures.isConnectionLost(failure)).isFalse();
        }
    }
}
