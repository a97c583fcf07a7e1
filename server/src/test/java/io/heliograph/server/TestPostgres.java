package io.heliograph.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One PostgreSQL for all tests of this process, begun when it is first asked for, with a database for each data folder.
 * Safe from any thread.
 */
final class TestPostgres {
    private static final Map<Path, String> URLS = new ConcurrentHashMap<>();

    private TestPostgres() {}

    /** Whether servers are to run on it: {@code -Dtest.database=postgresql}. */
    static boolean wanted() {
        return "postgresql".equals(System.getProperty("test.database"));
    }

    /** The database that goes with a data folder; a second start finds the data of the first. */
    static String url(Path data) {
        return URLS.computeIfAbsent(data.toAbsolutePath(), _ -> {
            String name = "test_" + URLS.size();
            JdbcClient.create(Holder.POSTGRES.getPostgresDatabase())
                    .sql("create database " + name)
                    .update();
            return Holder.POSTGRES.getJdbcUrl("postgres", name);
        });
    }

    private static final class Holder {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> close(postgres)));
                return postgres;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static void close(EmbeddedPostgres postgres) {
            try {
                postgres.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
