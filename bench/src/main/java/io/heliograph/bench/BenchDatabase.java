package io.heliograph.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.heliograph.eventlog.LogSettings;
import io.heliograph.eventlog.SqlEventLog;
import io.heliograph.eventlog.SqliteDataSources;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A database with the log's tables and a table {@code bench_item} for commands, durable as in production.
 *
 * <p>Threading: opened and closed by the bench's thread; logs on it may be used by any.
 */
final class BenchDatabase implements AutoCloseable {
    /** As many connections as the server's own pool has. */
    private static final int POOL = 12;

    private final Function<LogSettings, SqlEventLog> logs;
    private final List<AutoCloseable> resources;

    private BenchDatabase(DataSource writer, Function<LogSettings, SqlEventLog> logs, List<AutoCloseable> resources) {
        this.logs = logs;
        this.resources = resources;
        Flyway.configure()
                .dataSource(writer)
                .locations("classpath:io/heliograph/eventlog/migration")
                .load()
                .migrate();
        JdbcClient.create(writer)
                .sql("create table bench_item (id bigint primary key, changes bigint not null)")
                .update();
    }

    /** A new SQLite file in {@code folder}: WAL, {@code synchronous=FULL}. */
    static BenchDatabase sqlite(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
        SqliteDataSources sources = SqliteDataSources.open(folder.resolve("bench.db"));
        return new BenchDatabase(
                sources.writer(),
                settings -> SqlEventLog.sqlite(sources).settings(settings).build(),
                List.of(sources));
    }

    /**
     * A separate PostgreSQL in {@code folder}, whose processes run on core {@code core}. The embedded server's defaults
     * disable durable commits; here they are enabled.
     */
    static BenchDatabase postgresql(Path folder, int core) {
        try {
            Path data = folder.resolve("postgresql");
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
            pin(data, core);
            HikariConfig config = new HikariConfig();
            config.setDataSource(server.getPostgresDatabase());
            config.setMaximumPoolSize(POOL);
            HikariDataSource pool = new HikariDataSource(config);
            return new BenchDatabase(
                    pool,
                    settings -> SqlEventLog.postgresql(pool).settings(settings).build(),
                    List.of(pool, server));
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start", e);
        }
    }

    /** A new log on this database; close it before the database. */
    SqlEventLog log(LogSettings settings) {
        return logs.apply(settings);
    }

    @Override
    public void close() {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new PeerFaultException("the database does not close", e);
            }
        }
    }

    /** The connections' processes are children of the postmaster and inherit its CPU affinity. */
    private static void pin(Path data, int core) throws IOException {
        String postmaster = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
        Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", Integer.toString(core), postmaster)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (taskset.waitFor() != 0) {
                throw new PeerFaultException("taskset cannot move PostgreSQL to core " + core);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerFaultException("interrupted", e);
        }
    }
}
