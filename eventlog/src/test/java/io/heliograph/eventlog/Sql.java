package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** SQL of tests. A failure is a {@link Failed} with the driver's exception as its cause. */
final class Sql {
    private Sql() {}

    static final class Failed extends RuntimeException {
        Failed(SQLException cause) {
            super(cause);
        }
    }

    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    static int update(Connection connection, String sql, Object... parameters) {
        try (PreparedStatement statement = prepared(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    static void update(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection()) {
            update(connection, sql);
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    static <T> List<T> query(Connection connection, String sql, RowMapper<T> mapper) {
        try (PreparedStatement statement = prepared(connection, sql);
                ResultSet rows = statement.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(mapper.map(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    static long number(Connection connection, String sql) {
        return query(connection, sql, row -> row.getLong(1)).getFirst();
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
