package io.heliograph.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.heliograph.eventlog.SqlEventLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteTransactionsIT extends TransactionsContract {
    private final List<HikariDataSource> opened = new ArrayList<>();

    @TempDir
    private Path folder;

    @Override
    DataSource dataSource() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:sqlite:" + folder.resolve("app" + opened.size() + ".db")
                + "?journal_mode=WAL&busy_timeout=20000");
        opened.add(pool);
        return pool;
    }

    @Override
    SqlEventLog.Builder builder(DataSource source) {
        return SqlEventLog.sqlite(source, source);
    }

    @AfterEach
    void closePools() {
        opened.forEach(HikariDataSource::close);
    }
}
