package io.heliograph.eventlog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The two connection pools that a log in a SQLite file needs: one connection that writes, several that read. Needs
 * HikariCP and sqlite-jdbc at run time. Safe from any thread; closing it closes both pools.
 *
 * <p>WAL lets reads run during a write; {@code synchronous=FULL} makes a commit survive a loss of power.
 * Write transactions begin with {@code BEGIN IMMEDIATE} and wait up to five seconds for another process that holds
 * the file's lock, such as the command line tools.
 *
 * @param writer for write transactions and for migrations: one connection
 * @param readPool connections that cannot write
 */
public record SqliteDataSources(DataSource writer, DataSource readPool) implements AutoCloseable {
    private static final int READ_CONNECTIONS = 4;
    /** How long a statement waits for another process's lock. */
    public static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

    /** Opens the file, and creates it when it does not exist. */
    public static SqliteDataSources open(Path file) {
        return open(file, READ_CONNECTIONS);
    }

    public static SqliteDataSources open(Path file, int readConnections) {
        return open(file, readConnections, "");
    }

    /**
     * As {@link #open(Path)}, but commits never checkpoint the write-ahead log: the caller does, or the log grows until
     * the last connection is closed.
     */
    public static SqliteDataSources openWithoutCheckpoints(Path file) {
        return open(file, READ_CONNECTIONS, "&wal_autocheckpoint=0");
    }

    private static SqliteDataSources open(Path file, int readConnections, String parameters) {
        String url = "jdbc:sqlite:" + file.toAbsolutePath() + "?journal_mode=WAL&synchronous=FULL&foreign_keys=true"
                + parameters + "&jdbc.get_generated_keys=false&busy_timeout=" + BUSY_TIMEOUT.toMillis();
        HikariDataSource writer = pool("sqlite-writer", url + "&transaction_mode=IMMEDIATE", 1, "");
        return new SqliteDataSources(writer, pool("sqlite-reader", url, readConnections, "pragma query_only = on"));
    }

    @Override
    public void close() {
        ((HikariDataSource) readPool).close();
        ((HikariDataSource) writer).close();
    }

    private static HikariDataSource pool(String name, String url, int size, String init) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(new CachedStatements(url));
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        // A file needs no fresh connections, and opening one costs a read of the schema.
        config.setMaxLifetime(0);
        config.setIdleTimeout(0);
        if (!init.isEmpty()) {
            config.setConnectionInitSql(init);
        }
        return new HikariDataSource(config);
    }

    /** Opens connections that keep their prepared statements. The pool calls it. */
    private static final class CachedStatements implements DataSource {
        private final String url;

        /** Seconds. The pool sets it, and waits no longer for its own end either; a file has no login. */
        private int loginTimeout = 5;

        CachedStatements(String url) {
            this.url = url;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return StatementCache.on(DriverManager.getConnection(url));
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public int getLoginTimeout() {
            return loginTimeout;
        }

        @Override
        public void setLoginTimeout(int seconds) {
            loginTimeout = seconds;
        }

        @Override
        public PrintWriter getLogWriter() throws SQLException {
            throw new SQLFeatureNotSupportedException("there is no log writer");
        }

        @Override
        public void setLogWriter(PrintWriter out) throws SQLException {
            throw new SQLFeatureNotSupportedException("there is no log writer");
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException("there is no logger");
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("this wraps no " + type.getName());
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
