package io.heliograph.server.search;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.fixtures.TestPostgres;
import io.heliograph.server.storage.DerivedTables;
import java.nio.file.Path;

/** The features on SQLite, or with {@code -Dtest.database=postgresql} on PostgreSQL, without any rows. */
record IndexDatabase(Features features, DerivedTables tables, Runnable closing) implements AutoCloseable {

    static IndexDatabase open(Path folder) {
        if (!TestPostgres.wanted()) {
            Features features = Features.open(folder);
            return new IndexDatabase(features, new DerivedTables(features.writer(), false), () -> {});
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestPostgres.url(folder));
        HikariDataSource pool = new HikariDataSource(config);
        return new IndexDatabase(Features.on(pool), new DerivedTables(pool, true), pool::close);
    }

    long count(String from) {
        return features.jdbc()
                .sql("select count(*) from " + from)
                .query(Long.class)
                .single();
    }

    @Override
    public void close() {
        features.close();
        closing.run();
    }
}
