package io.heliograph.eventlog;

import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The transaction that one command sees. Owned by the batch's thread; of no use once the command has returned. */
final class OpenTransaction implements Transaction {
    private final Connection connection;
    private final JdbcClient jdbc;
    private final Instant now;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean closed;

    OpenTransaction(Connection connection, Dialect dialect, Instant now) {
        this.connection = connection;
        this.jdbc = JdbcClient.create(dialect.template(new SingleConnectionDataSource(connection, true)));
        this.now = now;
    }

    @Override
    public JdbcClient jdbc() {
        checkOpen();
        return jdbc;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void append(Draft draft) {
        checkOpen();
        drafts.add(draft);
    }

    @Override
    public void afterCommit(Runnable action) {
        checkOpen();
        afterCommit.add(action);
    }

    /** For the log's own SQL, which is in {@link LogStore}. */
    Connection connection() {
        checkOpen();
        return connection;
    }

    List<Draft> drafts() {
        return drafts;
    }

    List<Runnable> afterCommit() {
        return afterCommit;
    }

    void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the command that this transaction belonged to has returned");
        }
    }
}
