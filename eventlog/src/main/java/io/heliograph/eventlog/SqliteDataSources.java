package io.heliograph.eventlog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The two connection pools that a log in a SQLite file needs: one connection that writes, several that read. Needs
 * HikariCP and sqlite-jdbc at run time. Safe from any thread; closing it closes both pools.
 *
 * <p>WAL lets readers go on while the writer writes; {@code synchronous=FULL} makes a commit survive a loss of power.
 * Write transactions begin with {@code BEGIN IMMEDIATE} and wait up to five seconds for another process that holds
 * the file's lock, such as the command line tools.
 *
 * @param writer for write transactions and for migrations: one connection
 * @param readers cannot write
 */
public record SqliteDataSources(DataSource writer, DataSource readers) implements AutoCloseable {
    private static final int DEFAULT_READERS = 4;
    /** How long a statement waits for another process's lock. */
    public static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

    /** Opens the file, and creates it when it does not exist. */
    public static SqliteDataSources open(Path file) {
        return open(file, DEFAULT_READERS);
    }

    public static SqliteDataSources open(Path file, int readers) {
        return open(file, readers, "");
    }

    /**
     * As {@link #open(Path)}, but commits never checkpoint the write-ahead log: the caller does, or the log grows until
     * the last connection is closed.
     */
    public static SqliteDataSources openWithoutCheckpoints(Path file) {
        return open(file, DEFAULT_READERS, "&wal_autocheckpoint=0");
    }

    private static SqliteDataSources open(Path file, int readers, String parameters) {
        String url = "jdbc:sqlite:" + file.toAbsolutePath() + "?journal_mode=WAL&synchronous=FULL&foreign_keys=true"
                + parameters + "&jdbc.get_generated_keys=false&busy_timeout=" + BUSY_TIMEOUT.toMillis();
        HikariDataSource writer = pool("sqlite-writer", url + "&transaction_mode=IMMEDIATE", 1, "");
        return new SqliteDataSources(writer, pool("sqlite-reader", url, readers, "pragma query_only = on"));
    }

    @Override
    public void close() {
        ((HikariDataSource) readers).close();
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

    /** Connections that keep their prepared statements. */
    private static final class CachedStatements extends DriverManagerDataSource {
        /** Seconds. The pool sets it, and waits no longer for its own end either; a file has no login. */
        private int loginTimeout = 5;

        CachedStatements(String url) {
            super(url);
        }

        @Override
        protected Connection getConnectionFromDriverManager(String url, Properties properties) throws SQLException {
            return StatementCache.on(super.getConnectionFromDriverManager(url, properties));
        }

        @Override
        public int getLoginTimeout() {
            return loginTimeout;
        }

        @Override
        public void setLoginTimeout(int seconds) {
            loginTimeout = seconds;
        }
    }
}
