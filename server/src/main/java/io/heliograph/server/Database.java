package io.heliograph.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.SqliteDataSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Connections to the database, whose schema is what this build needs.
 *
 * @param readers for reading outside of the log's snapshots; on SQLite they cannot write
 * @param log builds the log on it
 * @param closing closes all connections
 */
record Database(DataFolder folder, DataSource readers, SqlEventLog.Builder log, Runnable closing)
        implements AutoCloseable {
    private static final List<String> MIGRATIONS =
            List.of("classpath:io/heliograph/eventlog/migration", "classpath:db/migration");
    /** What only PostgreSQL needs. Versions are shared with the others: each is used once. */
    private static final String POSTGRESQL_MIGRATIONS = "classpath:db/postgresql";

    private static final int POOL = 20;

    /** What was answered must survive a crash of PostgreSQL, however it is configured; a stronger setting stays. */
    private static final String DURABLE_COMMITS =
            "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

    /**
     * Opens the database of the settings and brings its schema up to date.
     *
     * @throws StartException when that cannot be, with the reason and the fix
     */
    static Database open(StorageSettings settings) {
        DataFolder folder = DataFolder.open(settings.data());
        return settings.databaseUrl().isEmpty() ? sqlite(folder) : postgresql(folder, settings);
    }

    private static Database sqlite(DataFolder folder) {
        try {
            SqliteDataSources sources = SqliteDataSources.open(folder.path().resolve("heliograph.db"));
            return migrated(
                    new Database(folder, sources.readers(), SqlEventLog.sqlite(sources), sources::close),
                    sources.writer(),
                    MIGRATIONS);
        } catch (PoolInitializationException failure) {
            throw new StartException(
                    "the database in " + folder.path() + " cannot be opened: " + rootMessage(failure), failure);
        }
    }

    private static Database postgresql(DataFolder folder, StorageSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("postgresql");
        config.setJdbcUrl(settings.databaseUrl());
        if (!settings.databaseUser().isEmpty()) {
            config.setUsername(settings.databaseUser());
            config.setPassword(settings.databasePassword());
        }
        config.setMaximumPoolSize(POOL);
        config.setConnectionInitSql(DURABLE_COMMITS);
        try {
            HikariDataSource pool = new HikariDataSource(config);
            List<String> migrations = new ArrayList<>(MIGRATIONS);
            migrations.add(POSTGRESQL_MIGRATIONS);
            return migrated(new Database(folder, pool, SqlEventLog.postgresql(pool), pool::close), pool, migrations);
        } catch (PoolInitializationException failure) {
            throw new StartException(
                    "the database of heliograph.database-url cannot be reached: " + rootMessage(failure), failure);
        }
    }

    private static Database migrated(Database database, DataSource writer, List<String> migrations) {
        try (FileChannel _ = database.folder.lockForMigration()) {
            new Schema(writer, migrations.toArray(String[]::new)).migrate();
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
