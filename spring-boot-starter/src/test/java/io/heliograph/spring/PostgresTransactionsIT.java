package io.heliograph.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.heliograph.eventlog.SqlEventLog;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;

class PostgresTransactionsIT extends TransactionsContract {
    private final List<HikariDataSource> opened = new ArrayList<>();

    @Override
    DataSource dataSource() {
        HikariDataSource pool = TestPostgres.newPool();
        opened.add(pool);
        return pool;
    }

    @Override
    SqlEventLog.Builder builder(DataSource source) {
        return SqlEventLog.postgresql(source);
    }

    @AfterEach
    void closePools() {
        opened.forEach(HikariDataSource::close);
    }
}
