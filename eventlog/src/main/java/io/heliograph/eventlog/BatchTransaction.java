package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to run a batch of commands in a transaction. Used by one thread, once. */
final class BatchTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(BatchTransaction.class);

    private final BatchContext context;
    private final Connection connection;
    private final WorkspaceId workspace;
    private final boolean savepoints;
    private final List<BatchResult.Outcome<?>> outcomes = new ArrayList<>();
    private final List<OpenTransaction> succeeded = new ArrayList<>();
    private HeadTable.@Nullable Row head;

    /**
     * Begins with a connection that was just taken from the pool.
     *
     * @param savepoints whether each command behind others gets a savepoint, so that it can be rolled back alone
     */
    BatchTransaction(BatchContext context, Connection connection, WorkspaceId workspace, boolean savepoints) {
        this.context = context;
        this.connection = connection;
        this.workspace = workspace;
        this.savepoints = savepoints;
    }

    /**
     * Runs the commands that were taken before, then those of {@code next} as long as the batch is small and young, and
     * commits. Empty when a command threw behind others and had no savepoint: everything was rolled back, to be run again.
     */
    Optional<BatchResult> run(List<Job<?>> taken, Supplier<@Nullable Job<?>> next, long began) throws SQLException {
        List<Event> events;
        try {
            if (!runCommands(taken, next, began)) {
                rollback();
                return Optional.empty();
            }
            events = append();
        } catch (SQLException | RuntimeException | Error e) {
            rollback();
            return Optional.of(new BatchResult.Failed(e, true));
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            rollback();
            return Optional.of(new BatchResult.Failed(e, Failures.isTransient(e)));
        }
        context.metrics()
                .committed(succeeded.size(), events.size(), context.ticker().nanoTime() - began);
        afterCommit(events);
        return Optional.of(new BatchResult.Done(outcomes));
    }

    /** False when all have to be run again, in savepoints. */
    private boolean runCommands(List<Job<?>> taken, Supplier<@Nullable Job<?>> next, long began) throws SQLException {
        for (int i = 0; i < taken.size(); i++) {
            if (!runOne(taken.get(i))) {
                return false;
            }
        }
        long deadline = began + context.settings().batchTime().toNanos();
        while (taken.isEmpty()
                || (taken.size() < context.settings().batchCommands()
                        && context.ticker().nanoTime() - deadline < 0)) {
            Job<?> job = next.get();
            if (job == null) {
                return true;
            }
            context.metrics().waited(context.ticker().nanoTime() - job.enqueuedNanos());
            taken.add(job);
            if (!runOne(job)) {
                return false;
            }
        }
        return true;
    }

    /** False when the command threw and cannot be rolled back alone. */
    private <T> boolean runOne(Job<T> job) throws SQLException {
        HeadTable.Row now = begin();
        Savepoint savepoint = savepoints && !succeeded.isEmpty() ? connection.setSavepoint() : null;
        Position last = new Position(now.epoch(), now.head() + appended(), Instant.ofEpochMilli(now.now()));
        OpenTransaction transaction = new OpenTransaction(connection, last);
        try {
            T value = job.command().run(transaction);
            transaction.close();
            if (savepoint != null) {
                connection.releaseSavepoint(savepoint);
            }
            succeeded.add(transaction);
            outcomes.add(new BatchResult.Outcome<>(job, value, null));
            return true;
        } catch (RuntimeException | Error e) {
            transaction.close();
            if (Failures.isTransient(e)) {
                throw e;
            }
            if (savepoint == null && !succeeded.isEmpty()) {
                return false;
            }
            undo(savepoint);
            outcomes.add(new BatchResult.Outcome<>(job, null, Failures.outward(workspace, e)));
            return true;
        }
    }

    /** Events of the commands that succeeded: no other transaction takes an offset before this one ends. */
    private int appended() {
        return succeeded.stream()
                .mapToInt(transaction -> transaction.drafts().size())
                .sum();
    }

    private HeadTable.Row begin() throws SQLException {
        HeadTable.Row row = head;
        if (row == null) {
            row = context.tables().heads().headOrCreate(connection, workspace);
            head = row;
        }
        return row;
    }

    private void undo(@Nullable Savepoint savepoint) throws SQLException {
        if (savepoint == null) {
            connection.rollback();
            head = null;
        } else {
            connection.rollback(savepoint);
        }
    }

    private List<Event> append() throws SQLException {
        List<Draft> drafts = new ArrayList<>();
        succeeded.forEach(transaction -> drafts.addAll(transaction.drafts()));
        if (drafts.isEmpty()) {
            return List.of();
        }
        return context.tables().append(connection, workspace, drafts, begin().now());
    }

    private void afterCommit(List<Event> events) {
        if (!events.isEmpty()) {
            quietly(() -> context.committed().accept(events));
        }
        for (OpenTransaction transaction : succeeded) {
            transaction.afterCommit().forEach(this::quietly);
        }
    }

    /** What is committed stays committed: a fault in what comes after it must not look like a failed command. */
    private void quietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("an action after a commit of workspace {} failed", workspace, e);
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is broken; the database rolls back what it had.
            LOG.debug("could not roll back a batch of workspace {}", workspace, e);
        }
    }
}
