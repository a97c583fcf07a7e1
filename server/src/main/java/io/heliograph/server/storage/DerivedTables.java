package io.heliograph.server.storage;

import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions of their own for tables that are derived from others and can be derived again. On SQLite they use the one
 * connection that writes, so commands wait for them: each is to be short. Safe from any thread.
 */
public final class DerivedTables {
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final boolean shared;

    /** @param shared whether several nodes may run on the database */
    public DerivedTables(DataSource writer, boolean shared) {
        this.jdbc = new JdbcTemplate(writer);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(writer));
        this.shared = shared;
    }

    /**
     * What stands at the end of a {@code select} of rows that one node only is to work on: they are locked until the end of
     * the transaction, and rows that another node has locked are left out. Empty on SQLite, which has one node.
     */
    public String forUpdate() {
        return shared ? " for update skip locked" : "";
    }

    /** Runs {@code work} in a transaction, which is rolled back when it throws. Blocks on the database. */
    public <T> T inTransaction(Function<JdbcTemplate, T> work) {
        return transactions.execute(_ -> work.apply(jdbc));
    }
}
