package io.heliograph.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Keeps a test server's database from being written, and PostgreSQL's from being read as well, until it is closed. */
public final class DatabaseLock implements AutoCloseable {
    private final Connection connection;

    private DatabaseLock(Connection connection) {
        this.connection = connection;
    }

    /** Of the server whose data is in {@code data}; waits for the write that is under way. */
    public static DatabaseLock take(Path data) throws SQLException {
        return TestPostgres.wanted() ? postgresql(TestPostgres.url(data)) : sqlite(data.resolve("heliograph.db"));
    }

    private static DatabaseLock sqlite(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=10000");
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin exclusive");
        }
        return new DatabaseLock(connection);
    }

    private static DatabaseLock postgresql(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            statement.execute("lock table " + String.join(", ", tables) + " in access exclusive mode");
        }
        return new DatabaseLock(connection);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
