package io.heliograph.server.sql;

import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.Transaction;
import java.sql.Connection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Spring's client on the connection of a transaction or snapshot. Use the client only on the thread that runs the
 * command or query, and only until that returns. Failures are the same exceptions on SQLite and PostgreSQL.
 */
public final class Sql {
    private static final DatabaseErrors ERRORS = new DatabaseErrors();

    private Sql() {}

    public static JdbcClient in(Transaction transaction) {
        return on(transaction.connection());
    }

    public static JdbcClient in(Snapshot snapshot) {
        return on(snapshot.connection());
    }

    private static JdbcClient on(Connection connection) {
        JdbcTemplate template = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
        template.setExceptionTranslator(ERRORS);
        return JdbcClient.create(template);
    }
}
