package io.heliograph.eventlog;

import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The transaction that one command sees. Owned by the batch's thread; it refuses calls once the command has returned. */
final class OpenTransaction implements Transaction {
    private final Connection connection;
    private final Instant now;
    private final Position last;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean closed;

    /** @param last where the event before this transaction's first one is */
    OpenTransaction(Connection connection, Position last) {
        this.connection = connection;
        this.now = last.at();
        this.last = last;
    }

    @Override
    public Connection connection() {
        checkOpen();
        return connection;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Cursor append(Draft draft) {
        checkOpen();
        drafts.add(draft);
        return Cursor.at(last.epoch(), last.offset() + drafts.size(), draft.id());
    }

    @Override
    public void afterCommit(Runnable action) {
        checkOpen();
        afterCommit.add(action);
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
