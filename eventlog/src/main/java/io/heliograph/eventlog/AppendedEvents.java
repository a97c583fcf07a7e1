package io.heliograph.eventlog;

import java.util.List;

/**
 * Events that {@link SqlEventLog#append} wrote in the caller's transaction, and what the caller reports of its end:
 *
 * <pre>{@code
 * try (AppendedEvents appended = log.append(connection, workspace, drafts)) {
 *     connection.commit();
 *     appended.committed();
 * }
 * }</pre>
 *
 * <p>Until it is committed or closed, {@link EventLog#write} fails on the thread that appended. Safe from any thread.
 */
public final class AppendedEvents implements AutoCloseable {
    private final List<Event> events;
    private final Runnable publish;
    private final Runnable ended;

    /** Guarded by this. */
    private boolean open = true;

    AppendedEvents(List<Event> events, Runnable publish, Runnable ended) {
        this.events = List.copyOf(events);
        this.publish = publish;
        this.ended = ended;
    }

    /** In the order of their offsets. They are in the log only when the transaction is committed. */
    public List<Event> events() {
        return events;
    }

    /**
     * The transaction was committed: sends the hints of the events. Call it after the commit only, since a hint of events
     * that were rolled back would be delivered. When it is not called, feeds find the events at their next check of the head.
     *
     * @throws IllegalStateException when this was committed or closed before
     */
    public void committed() {
        if (!end()) {
            throw new IllegalStateException("the appended events were reported as committed, or closed, before");
        }
        publish.run();
    }

    /** The transaction, or the savepoint that the events were appended in, is rolled back. Nothing after {@link #committed}. */
    @Override
    public void close() {
        end();
    }

    private synchronized boolean end() {
        if (!open) {
            return false;
        }
        open = false;
        ended.run();
        return true;
    }
}
