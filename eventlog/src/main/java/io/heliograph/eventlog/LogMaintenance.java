package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Changes of whole logs: their epochs, and retention. What it writes waits in the queue of commands. Safe from any thread. */
final class LogMaintenance {
    private static final int WORKSPACES_PER_QUERY = 100;

    private final EventLog log;
    private final LogTables tables;
    private final Snapshots snapshots;
    private final HintPublisher hints;
    private final LogMetrics metrics;

    LogMaintenance(EventLog log, LogTables tables, Snapshots snapshots, HintPublisher hints, LogMetrics metrics) {
        this.log = log;
        this.tables = tables;
        this.snapshots = snapshots;
        this.hints = hints;
        this.metrics = metrics;
    }

    Head reset(WorkspaceId workspace) {
        return changeEpoch(workspace, tables.heads()::reset);
    }

    Head newEpoch(WorkspaceId workspace) {
        return changeEpoch(workspace, tables.heads()::newEpoch);
    }

    @FunctionalInterface
    private interface EpochChange {
        void run(Connection connection, WorkspaceId workspace) throws SQLException;
    }

    private Head changeEpoch(WorkspaceId workspace, EpochChange change) {
        Head head = write(workspace, connection -> {
            change.run(connection, workspace);
            return tables.heads().headOrCreate(connection, workspace).ends();
        });
        hints.publish(workspace, head.cursor());
        return head;
    }

    int retain(Retention retention) {
        AtomicInteger removed = new AtomicInteger();
        List<RuntimeException> failures = new ArrayList<>();
        forEachWorkspace(workspace -> {
            try {
                removed.addAndGet(retain(workspace, retention));
            } catch (RuntimeException failure) {
                // The events of other workspaces are removed all the same.
                failures.add(failure);
            }
        });
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return removed.get();
    }

    int retain(WorkspaceId workspace, Retention retention) {
        int removed = 0;
        Optional<EventTable.OffsetRange> next = expired(workspace, retention);
        while (next.isPresent()) {
            EventTable.OffsetRange range = next.get();
            removed += write(workspace, connection -> remove(connection, workspace, range));
            next = expired(workspace, retention);
        }
        if (removed > 0) {
            metrics.removed(removed);
        }
        return removed;
    }

    private Optional<EventTable.OffsetRange> expired(WorkspaceId workspace, Retention retention) {
        return snapshots.inSnapshot(workspace, connection -> {
            Optional<HeadTable.Row> head = tables.heads().head(connection, workspace);
            return head.isEmpty()
                    ? Optional.empty()
                    : tables.events().expired(connection, workspace, head.get(), retention);
        });
    }

    /** Removes the events, and lets the log begin after them. */
    private int remove(Connection connection, WorkspaceId workspace, EventTable.OffsetRange range) throws SQLException {
        int removed = tables.events().remove(connection, workspace, range);
        tables.heads().raiseOldest(connection, workspace, range.generation(), range.upTo());
        return removed;
    }

    void forEachWorkspace(Consumer<WorkspaceId> action) {
        List<WorkspaceId> page = workspacesAfter("");
        while (!page.isEmpty()) {
            page.forEach(action);
            page = workspacesAfter(page.getLast().value());
        }
    }

    private List<WorkspaceId> workspacesAfter(String last) {
        return snapshots.onConnection(
                "the list of workspaces",
                connection -> tables.heads().workspaces(connection, last, WORKSPACES_PER_QUERY));
    }

    private <T> T write(WorkspaceId workspace, Snapshots.Reading<T> statements) {
        return log.write(workspace, transaction -> {
            try {
                return statements.read(transaction.connection());
            } catch (SQLException e) {
                throw new EventLogException("workspace " + workspace + ": the database failed", e);
            }
        });
    }
}
