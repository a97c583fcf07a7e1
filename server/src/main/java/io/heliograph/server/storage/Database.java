package io.heliograph.server.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.SqliteDataSources;
import io.heliograph.server.errors.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Connections to the database, with the schema of this build.
 *
 * @param shared whether several nodes may run on it
 * @param writer for the few values outside of the logs
 * @param readers for reading outside of the log's snapshots; on SQLite they cannot write
 * @param writable a query whose one boolean says whether the database takes writes
 * @param log builds the log on it
 * @param wal of SQLite, while a server runs on it
 * @param closing closes all connections
 */
public record Database(
        DataDirectory folder,
        boolean shared,
        DataSource writer,
        DataSource readers,
        String writable,
        SqlEventLog.Builder log,
        Optional<SqliteWal> wal,
        Runnable closing)
        implements AutoCloseable {
    private static final String LOG_MIGRATIONS = "classpath:io/heliograph/eventlog/migration";
    /** The migrations for both databases, and those for one only. All share one sequence of versions. */
    private static final String[] SQLITE_MIGRATIONS = {LOG_MIGRATIONS, "classpath:db/migration", "classpath:db/sqlite"};

    private static final String[] POSTGRESQL_MIGRATIONS = {
        LOG_MIGRATIONS, "classpath:db/migration", "classpath:db/postgresql"
    };

    private static final int POOL = 20;

    /** How long a request waits for a connection before it is answered with 503. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(3);

    private static final String WRITABLE =
            "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'";

    /** The purpose of a process that opens the database. */
    public enum Purpose {
        /** It holds the folder's lock, makes the database when there is none, and checkpoints it. */
        SERVER,
        /** A server may be running. */
        COMMAND
    }

    /**
     * Opens the database of the settings and brings its schema up to date.
     *
     * @throws StartException when that cannot be, with the reason and the fix
     */
    public static Database open(StorageSettings settings, Purpose purpose) {
        boolean embedded = settings.databaseUrl().isEmpty();
        // A command must not create a database. With PostgreSQL it may run without the nodes' data folders.
        DataDirectory folder = embedded && purpose == Purpose.COMMAND
                ? DataDirectory.existing(settings.data())
                : DataDirectory.open(settings.data());
        return embedded ? sqlite(folder, settings, purpose) : postgresql(folder, settings, purpose);
    }

    private static Database sqlite(DataDirectory folder, StorageSettings settings, Purpose purpose) {
        Path file = folder.database();
        switch (purpose) {
            case SERVER -> {
                SqliteWal.check(file);
                folder.createDatabase();
            }
            case COMMAND -> {
                if (!Files.exists(file)) {
                    throw new StartException("there is no database in " + folder.path()
                            + "; start the server on it first, or name the right folder with --data");
                }
                folder.whileNoServerRuns(() -> SqliteWal.check(file));
            }
        }
        try {
            SqliteDataSources sources = SqliteDataSources.openWithoutCheckpoints(file);
            Database database = migrated(
                    new Database(
                            folder,
                            false,
                            sources.writer(),
                            sources.readPool(),
                            "select true",
                            SqlEventLog.sqlite(sources),
                            Optional.empty(),
                            sources::close),
                    purpose);
            return purpose == Purpose.SERVER
                    ? database.withWal(SqliteWal.begin(
                            file, sources, settings.walCheckpointSize().toBytes()))
                    : database;
        } catch (PoolInitializationException failure) {
            throw new StartException(
                    "the database in " + folder.path() + " cannot be opened: " + rootMessage(failure), failure);
        }
    }

    /** The same, with checkpoints of the log until it is closed. */
    private Database withWal(SqliteWal started) {
        return new Database(folder, shared, writer, readers, writable, log, Optional.of(started), () -> {
            started.close();
            closing.run();
        });
    }

    private static Database postgresql(DataDirectory folder, StorageSettings settings, Purpose purpose) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("postgresql");
        config.setJdbcUrl(settings.databaseUrl());
        if (!settings.databaseUser().isEmpty()) {
            config.setUsername(settings.databaseUser());
            config.setPassword(settings.databasePassword());
        }
        config.setMaximumPoolSize(POOL);
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        config.setExceptionOverrideClassName(ReadOnlyConnections.class.getName());
        // The URL's own parameters win over these. Without them the connections to a host that vanishes stay open for
        // ever.
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "60");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // Inserts the events of a transaction with few statements.
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        try {
            if (Pooler.isBetween(config)) {
                config.addDataSourceProperty("prepareThreshold", "0");
            }
            HikariDataSource pool = new HikariDataSource(config);
            return migrated(
                    new Database(
                            folder,
                            true,
                            pool,
                            pool,
                            WRITABLE,
                            SqlEventLog.postgresql(pool),
                            Optional.empty(),
                            pool::close),
                    purpose);
        } catch (PoolInitializationException failure) {
            throw new StartException(
                    "the database of heliograph.database-url cannot be reached: " + rootMessage(failure), failure);
        }
    }

    private static Database migrated(Database database, Purpose purpose) {
        try (FileChannel _ = database.folder.lockForMigration()) {
            Schema schema = new Schema(database.writer, database.shared ? POSTGRESQL_MIGRATIONS : SQLITE_MIGRATIONS);
            if (purpose == Purpose.COMMAND && schema.isMissing()) {
                throw new StartException("the database holds no Heliograph; start the server on it first");
            }
            schema.migrate();
            return database;
        } catch (IOException failure) {
            database.close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException failure) {
            database.close();
            throw failure;
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        closing.run();
    }
}
