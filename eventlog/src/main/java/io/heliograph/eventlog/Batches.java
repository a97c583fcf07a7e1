package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands of one workspace in a shared transaction and settles each of them.
 *
 * <p>How a batch goes:
 *
 * <ol>
 *   <li>A transaction begins and locks the workspace's head row until its end, so that no other
 *       node's command of this workspace comes between what a command reads and what it writes. The row gives the time
 *       that all commands of the batch see.
 *   <li>Commands run one after the other, as long as some wait and the batch is small and young. Nearly always all
 *       succeed, so they have no savepoints at first, each of which would cost two more calls of the database. When one
 *       throws behind others that succeeded, all are rolled back and run again, each in its own savepoint, so that it
 *       is rolled back alone.
 *   <li>The events of all that succeeded take their allocated in the head row and are inserted.
 *   <li>Commit; hints; what the commands wanted done after it; then the callers go on.
 * </ol>
 *
 * <p>When the database is busy or saw a conflict, or the connection was lost before the commit was sent, nothing has
 * happened and the batch is tried again as it was. When the
 * batch fails before its commit and the failing command is unknown, each runs in a transaction of its own,
 * so that only that command fails. When the commit fails otherwise, its outcome is unknown, and all fail.
 *
 * <p>Safe from any thread; the queue sees to it that a workspace has one batch at a time.
 */
final class Batches implements WriteQueue.Batches {
    private static final Logger LOG = LoggerFactory.getLogger(Batches.class);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final DataSource writePool;
    private final LogStore store;
    private final LogSettings settings;
    private final LogMetrics metrics;
    private final Consumer<List<Event>> committed;

    /** Set on the thread that runs a batch, so that a command which calls back into the log fails, not deadlocks. */
    private final ThreadLocal<Boolean> onBatch = new ThreadLocal<>();

    Batches(
            DataSource writePool,
            LogStore store,
            LogSettings settings,
            LogMetrics metrics,
            Consumer<List<Event>> committed) {
        this.writePool = writePool;
        this.store = store;
        this.settings = settings;
        this.metrics = metrics;
        this.committed = committed;
    }

    boolean onBatchThread() {
        return Boolean.TRUE.equals(onBatch.get());
    }

    @Override
    public void run(WorkspaceId workspace, Supplier<@Nullable Job<?>> next) {
        List<Job<?>> taken = new ArrayList<>();
        onBatch.set(true);
        try {
            runShared(workspace, taken, next);
        } catch (RuntimeException | Error e) {
            // No caller may wait without end, whatever failed here.
            LOG.error("a batch of workspace {} failed", workspace, e);
            failAll(taken, new EventLogException("a batch of workspace " + workspace + " failed", e));
        } finally {
            onBatch.remove();
        }
    }

    private void runShared(WorkspaceId workspace, List<Job<?>> taken, Supplier<@Nullable Job<?>> next) {
        switch (runRepeatedly(workspace, taken, next)) {
            case Result.Done done -> settle(done.outcomes());
            case Result.Failed failed when failed.beforeCommit() && taken.size() > 1 -> runEachAlone(workspace, taken);
            case Result.Failed failed -> giveUp(workspace, taken, failed);
        }
    }

    private void runEachAlone(WorkspaceId workspace, List<Job<?>> jobs) {
        for (Job<?> job : jobs) {
            List<Job<?>> alone = new ArrayList<>(List.of(job));
            switch (runRepeatedly(workspace, alone, () -> null)) {
                case Result.Done done -> settle(done.outcomes());
                case Result.Failed failed -> giveUp(workspace, alone, failed);
            }
        }
    }

    private void giveUp(WorkspaceId workspace, List<Job<?>> jobs, Result.Failed failed) {
        if (failed.cause() instanceof SQLException || !failed.beforeCommit()) {
            metrics.failed();
            String what =
                    failed.beforeCommit() ? "nothing was written" : "the commit failed, so the outcome is unknown";
            failAll(jobs, new EventLogException("workspace " + workspace + ": " + what, failed.cause()));
        } else {
            failAll(jobs, Failures.outward(workspace, failed.cause()));
        }
    }

    private Result runRepeatedly(WorkspaceId workspace, List<Job<?>> taken, Supplier<@Nullable Job<?>> next) {
        Result result = runOnce(workspace, taken, next, false).orElseGet(() -> runInSavepoints(workspace, taken, next));
        for (int attempt = 2; attempt <= settings.attempts() && result.transientFailure(); attempt++) {
            metrics.repeated();
            pause(attempt);
            result = runInSavepoints(workspace, taken, () -> null);
        }
        return result;
    }

    private Result runInSavepoints(WorkspaceId workspace, List<Job<?>> taken, Supplier<@Nullable Job<?>> next) {
        return runOnce(workspace, taken, next, true).orElseThrow();
    }

    /** Backs off a little longer each time, with jitter, so that two nodes that collide do not collide again. */
    private static void pause(int attempt) {
        long longest = FIRST_PAUSE_NANOS << Math.min(attempt, 8);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    }

    /** Empty when a command threw behind others and had no savepoint: everything was rolled back, to be run again. */
    private Optional<Result> runOnce(
            WorkspaceId workspace, List<Job<?>> taken, Supplier<@Nullable Job<?>> next, boolean savepoints) {
        long began = System.nanoTime();
        try (Connection connection = writePool.getConnection()) {
            connection.setAutoCommit(false);
            Attempt attempt = new Attempt(connection, workspace, savepoints);
            return attempt.run(taken, next, began);
        } catch (SQLException e) {
            return Optional.of(new Result.Failed(e, true));
        }
    }

    private static void failAll(List<Job<?>> jobs, Throwable failure) {
        jobs.forEach(job -> job.fail(failure));
    }

    private static void settle(List<Outcome<?>> outcomes) {
        outcomes.forEach(Outcome::settle);
    }

    private sealed interface Result {
        /** The transaction was committed, or there was nothing to commit. */
        record Done(List<Outcome<?>> outcomes) implements Result {}

        record Failed(Throwable cause, boolean beforeCommit) implements Result {}

        default boolean transientFailure() {
            return this instanceof Failed failed
                    && (Failures.isTransient(failed.cause())
                            || (failed.beforeCommit() && Failures.isConnectionLost(failed.cause())));
        }
    }

    /** The outcome of one command. Its caller gets it when the whole transaction has ended. */
    private record Outcome<T>(
            Job<T> job, @Nullable T value, @Nullable Throwable failure) {
        @SuppressWarnings("NullAway") // a command may return null: then T is a nullable type
        void settle() {
            if (failure == null) {
                job.outcome().complete(value);
            } else {
                job.fail(failure);
            }
        }
    }

    /** One transaction. Used by one thread, once. */
    private final class Attempt {
        private final Connection connection;
        private final WorkspaceId workspace;
        private final boolean savepoints;
        private final List<Outcome<?>> outcomes = new ArrayList<>();
        private final List<OpenTransaction> succeeded = new ArrayList<>();
        private LogStore.@Nullable Row head;

        Attempt(Connection connection, WorkspaceId workspace, boolean savepoints) {
            this.connection = connection;
            this.workspace = workspace;
            this.savepoints = savepoints;
        }

        Optional<Result> run(List<Job<?>> taken, Supplier<@Nullable Job<?>> next, long began) throws SQLException {
            List<Event> events;
            try {
                if (!runCommands(taken, next, began)) {
                    rollback();
                    return Optional.empty();
                }
                events = append();
            } catch (SQLException | RuntimeException | Error e) {
                rollback();
                return Optional.of(new Result.Failed(e, true));
            }
            try {
                connection.commit();
            } catch (SQLException e) {
                rollback();
                return Optional.of(new Result.Failed(e, Failures.isTransient(e)));
            }
            metrics.committed(succeeded.size(), events.size(), System.nanoTime() - began);
            afterCommit(events);
            return Optional.of(new Result.Done(outcomes));
        }

        /** False when all have to be run again, in savepoints. */
        private boolean runCommands(List<Job<?>> taken, Supplier<@Nullable Job<?>> next, long began)
                throws SQLException {
            for (int i = 0; i < taken.size(); i++) {
                if (!runOne(taken.get(i))) {
                    return false;
                }
            }
            long deadline = began + settings.batchTime().toNanos();
            while (taken.isEmpty() || (taken.size() < settings.batchCommands() && System.nanoTime() < deadline)) {
                Job<?> job = next.get();
                if (job == null) {
                    return true;
                }
                metrics.waited(System.nanoTime() - job.enqueuedNanos());
                taken.add(job);
                if (!runOne(job)) {
                    return false;
                }
            }
            return true;
        }

        /** False when the command threw and cannot be rolled back alone. */
        private <T> boolean runOne(Job<T> job) throws SQLException {
            LogStore.Row now = begin();
            Savepoint savepoint = savepoints && !succeeded.isEmpty() ? connection.setSavepoint() : null;
            OpenTransaction transaction = new OpenTransaction(connection, Instant.ofEpochMilli(now.now()));
            try {
                T value = job.command().run(transaction);
                transaction.close();
                if (savepoint != null) {
                    connection.releaseSavepoint(savepoint);
                }
                succeeded.add(transaction);
                outcomes.add(new Outcome<>(job, value, null));
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
                outcomes.add(new Outcome<>(job, null, Failures.outward(workspace, e)));
                return true;
            }
        }

        private LogStore.Row begin() throws SQLException {
            LogStore.Row row = head;
            if (row == null) {
                row = store.headOrCreate(connection, workspace);
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
            LogStore.OffsetAllocation allocated = store.advance(
                    connection, workspace, drafts.size(), drafts.getLast().id(), begin().now());
            List<Event> events = placed(drafts, allocated);
            store.insert(connection, allocated.generation(), events);
            return events;
        }

        private List<Event> placed(List<Draft> drafts, LogStore.OffsetAllocation allocated) {
            Instant at = Instant.ofEpochMilli(allocated.at());
            long offset = allocated.last() - drafts.size();
            List<Event> events = new ArrayList<>(drafts.size());
            for (Draft draft : drafts) {
                Position position = new Position(allocated.epoch(), ++offset, at);
                byte[] payload = draft.envelope().encode(position);
                events.add(new Event(
                        workspace, position, draft.id(), draft.type(), draft.audience(), draft.topic(), payload));
            }
            return events;
        }

        private void afterCommit(List<Event> events) {
            if (!events.isEmpty()) {
                quietly(() -> committed.accept(events));
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
}
