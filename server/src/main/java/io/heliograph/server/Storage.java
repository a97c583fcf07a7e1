package io.heliograph.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.LogMetrics;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.SqliteDataSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The data folder, the database in it or elsewhere, and the log on it. Opening one brings the schema to what this build
 * needs. Whoever opens one closes it.
 */
final class Storage implements AutoCloseable {
    private static final String[] MIGRATIONS = {"classpath:io/heliograph/eventlog/migration", "classpath:db/migration"};

    private final DataFolder folder;
    private final Database database;
    private final Bus bus;
    private final SqlEventLog log;

    private Storage(DataFolder folder, Database database, LogMetrics metrics) {
        this.folder = folder;
        this.database = database;
        bus = new LocalBus();
        log = database.log().bus(bus).metrics(metrics).build();
    }

    static Storage open(StorageSettings settings, LogMetrics metrics) {
        DataFolder folder = DataFolder.open(settings.data());
        Database database = settings.databaseUrl().isEmpty() ? Database.sqlite(folder) : Database.postgresql(settings);
        try (FileChannel _ = folder.lockForMigration()) {
            new Schema(database.migrations(), MIGRATIONS).migrate();
            return new Storage(folder, database, metrics);
        } catch (IOException failure) {
            database.close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException failure) {
            database.close();
            throw failure;
        }
    }

    DataFolder folder() {
        return folder;
    }

    SqlEventLog log() {
        return log;
    }

    Bus bus() {
        return bus;
    }

    /** For reading outside of the log's snapshots; writes go through the log. */
    JdbcClient jdbc() {
        return JdbcClient.create(database.readers());
    }

    @Override
    public void close() {
        log.close();
        bus.close();
        database.close();
    }

    /** The connections, of whichever kind of database. */
    private record Database(DataSource migrations, DataSource readers, SqlEventLog.Builder log, Runnable closing) {
        static Database sqlite(DataFolder folder) {
            try {
                SqliteDataSources sources = SqliteDataSources.open(folder.path().resolve("heliograph.db"));
                return new Database(sources.writer(), sources.readers(), SqlEventLog.sqlite(sources), sources::close);
            } catch (PoolInitializationException failure) {
                throw new StartException(
                        "the database in " + folder.path() + " cannot be opened: " + rootMessage(failure), failure);
            }
        }

        static Database postgresql(StorageSettings settings) {
            HikariConfig config = new HikariConfig();
            config.setPoolName("postgresql");
            config.setJdbcUrl(settings.databaseUrl());
            if (!settings.databaseUser().isEmpty()) {
                config.setUsername(settings.databaseUser());
                config.setPassword(settings.databasePassword());
            }
            config.setMaximumPoolSize(20);
            try {
                HikariDataSource pool = new HikariDataSource(config);
                return new Database(pool, pool, SqlEventLog.postgresql(pool), pool::close);
            } catch (PoolInitializationException failure) {
                throw new StartException(
                        "the database of heliograph.database-url cannot be reached: " + rootMessage(failure), failure);
            }
        }

        void close() {
            closing.run();
        }

        private static String rootMessage(Throwable failure) {
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        }
    }
}
