package io.heliograph.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets it
final class StatementCacheIT {
    private static final String SELECT = "select name from thing where id = ?";

    @TempDir
    Path folder;

    private Connection connection;
    private int prepared;

    @BeforeEach
    void open() throws SQLException {
        connection = StatementCache.on(counting(DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("c.db"))));
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table thing (id integer primary key, name text not null)");
            statement.execute("insert into thing values (1, 'one'), (2, 'two')");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void aStatementIsPreparedOnceForTheSameSql() throws SQLException {
        assertThat(name(1)).isEqualTo("one");
        assertThat(name(2)).isEqualTo("two");

        assertThat(prepared).isEqualTo(1);
    }

    @Test
    void twoUsesOfTheSameSqlAtATimeDoNotShareAStatement() throws SQLException {
        try (PreparedStatement outer = connection.prepareStatement(SELECT)) {
            outer.setInt(1, 1);
            try (ResultSet rows = outer.executeQuery()) {
                assertThat(name(2)).isEqualTo("two");
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("one");
            }
        }

        assertThat(prepared).isEqualTo(2);
    }

    @Test
    void parametersAreNotKept() throws SQLException {
        assertThat(name(1)).isEqualTo("one");

        try (PreparedStatement again = connection.prepareStatement(SELECT);
                ResultSet rows = again.executeQuery()) {
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void anOpenResultIsClosedWithItsStatement() throws SQLException {
        PreparedStatement statement = connection.prepareStatement("select name from thing");
        ResultSet rows = statement.executeQuery();
        rows.next();

        statement.close();

        assertThat(rows.isClosed()).isTrue();
    }

    @Test
    void aClosedStatementIsOfNoUseAndMayBeClosedAgain() throws SQLException {
        PreparedStatement statement = connection.prepareStatement(SELECT);
        statement.close();
        statement.close();

        assertThat(statement.isClosed()).isTrue();
        assertThatThrownBy(() -> statement.setInt(1, 1)).isInstanceOf(SQLException.class);
        assertThat(name(1)).isEqualTo("one");
        assertThat(name(2)).isEqualTo("two");
        assertThat(prepared).isEqualTo(1);
    }

    @Test
    void aStatementThatFailedIsNotKept() throws SQLException {
        for (int attempt = 1; attempt <= 2; attempt++) {
            try (PreparedStatement insert = connection.prepareStatement("insert into thing values (?, 'again')")) {
                insert.setInt(1, 1);
                assertThatThrownBy(insert::executeUpdate).isInstanceOf(SQLException.class);
            }
            assertThat(prepared).isEqualTo(attempt);
        }
    }

    @Test
    void aStatementSurvivesAChangeOfTheSchema() throws SQLException {
        assertThat(name(1)).isEqualTo("one");
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter table thing add column more text");
            statement.execute("create index thing_by_name on thing (name)");
        }

        assertThat(name(2)).isEqualTo("two");
    }

    @Test
    void onlyThoseUsedLastAreKept() throws SQLException {
        for (int i = 0; i < 500; i++) {
            assertThat(name(1)).isEqualTo("one");
            try (PreparedStatement other = connection.prepareStatement("select " + i)) {
                other.executeQuery().close();
            }
        }
        int before = prepared;
        assertThat(before).isEqualTo(501);

        connection.prepareStatement("select 499").close();
        connection.prepareStatement("select 0").close();

        assertThat(prepared).isEqualTo(before + 1);
    }

    private String name(int id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setInt(1, id);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1);
            }
        }
    }

    private Connection counting(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        prepared++;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
