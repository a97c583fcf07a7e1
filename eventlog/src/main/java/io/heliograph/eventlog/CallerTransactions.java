package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to transactions that callers of the log have opened, and knows which threads are in one: a command of such a
 * thread would wait for a lock that the thread itself holds, or be committed when the caller's own rows are not.
 *
 * <p>Safe from any thread.
 */
final class CallerTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(CallerTransactions.class);

    private final LogTables tables;
    private final HintPublisher hints;
    private final BooleanSupplier inTransaction;

    /** Appends of a thread that are neither committed nor closed. */
    private final ThreadLocal<AtomicInteger> open = ThreadLocal.withInitial(AtomicInteger::new);

    /** @param inTransaction whether the calling thread is in a transaction of this log's database that the caller manages */
    CallerTransactions(LogTables tables, HintPublisher hints, BooleanSupplier inTransaction) {
        this.tables = tables;
        this.hints = hints;
        this.inTransaction = inTransaction;
    }

    AppendedEvents append(Connection connection, WorkspaceId workspace, List<Draft> drafts) {
        List<Event> events;
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException("the connection is in auto-commit mode: append needs the caller's open"
                        + " transaction, so that rows and events are committed together (setAutoCommit(false))");
            }
            HeadTable.Row head = tables.heads().headOrCreate(connection, workspace);
            events = tables.append(connection, workspace, drafts, head.now());
        } catch (SQLException e) {
            throw new EventLogException(
                    "workspace " + workspace + ": the events were not appended; roll the transaction back", e);
        }
        AtomicInteger ofThisThread = open.get();
        ofThisThread.incrementAndGet();
        return new AppendedEvents(events, () -> publish(workspace, events), ofThisThread::decrementAndGet);
    }

    /** What is committed stays committed: a fault of the bus must not look like a failed transaction. */
    private void publish(WorkspaceId workspace, List<Event> events) {
        try {
            hints.publish(events);
        } catch (RuntimeException e) {
            LOG.error("hints of workspace {} were not sent; feeds find the events by the head", workspace, e);
        }
    }

    /** @throws IllegalStateException when the calling thread is in a transaction of its own */
    void requireNone() {
        if (open.get().get() > 0) {
            throw new IllegalStateException("this thread has appended events in a transaction that it has not ended: a"
                    + " command of the log would wait for that transaction. End it first (AppendedEvents.committed or"
                    + " close), or append to the same transaction");
        }
        if (inTransaction.getAsBoolean()) {
            throw new IllegalStateException(
                    "this thread is in a transaction of the log's database: a command of the log"
                            + " runs in a transaction of its own, which would wait for this one or be committed without it."
                            + " Append to this transaction, or call the log after it has ended");
        }
    }
}
