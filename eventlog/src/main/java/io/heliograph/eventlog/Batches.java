package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 *   <li>The events of all that succeeded take their offsets in the head row and are inserted.
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
    private final BatchContext context;

    /** Set on the thread that runs a batch, so that a command which calls back into the log fails, not deadlocks. */
    private final ThreadLocal<Boolean> onBatch = new ThreadLocal<>();

    Batches(DataSource writePool, BatchContext context) {
        this.writePool = writePool;
        this.context = context;
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
            case BatchResult.Done done -> settle(done.outcomes());
            case BatchResult.Failed failed
            when failed.beforeCommit() && taken.size() > 1 -> runEachAlone(workspace, taken);
            case BatchResult.Failed failed -> giveUp(workspace, taken, failed);
        }
    }

    private void runEachAlone(WorkspaceId workspace, List<Job<?>> jobs) {
        for (Job<?> job : jobs) {
            List<Job<?>> alone = new ArrayList<>(List.of(job));
            switch (runRepeatedly(workspace, alone, () -> null)) {
                case BatchResult.Done done -> settle(done.outcomes());
                case BatchResult.Failed failed -> giveUp(workspace, alone, failed);
            }
        }
    }

    private void giveUp(WorkspaceId workspace, List<Job<?>> jobs, BatchResult.Failed failed) {
        if (failed.cause() instanceof SQLException || !failed.beforeCommit()) {
            context.metrics().failed();
            String what =
                    failed.beforeCommit() ? "nothing was written" : "the commit failed, so the outcome is unknown";
            failAll(jobs, new EventLogException("workspace " + workspace + ": " + what, failed.cause()));
        } else {
            failAll(jobs, Failures.outward(workspace, failed.cause()));
        }
    }

    private BatchResult runRepeatedly(WorkspaceId workspace, List<Job<?>> taken, Supplier<@Nullable Job<?>> next) {
        BatchResult result =
                runOnce(workspace, taken, next, false).orElseGet(() -> runInSavepoints(workspace, taken, next));
        for (int attempt = 2; attempt <= context.settings().attempts() && result.transientFailure(); attempt++) {
            context.metrics().repeated();
            pause(attempt);
            result = runInSavepoints(workspace, taken, () -> null);
        }
        return result;
    }

    private BatchResult runInSavepoints(WorkspaceId workspace, List<Job<?>> taken, Supplier<@Nullable Job<?>> next) {
        return runOnce(workspace, taken, next, true).orElseThrow();
    }

    /** Backs off a little longer each time, with jitter, so that two nodes that collide do not collide again. */
    private static void pause(int attempt) {
        long longest = FIRST_PAUSE_NANOS << Math.min(attempt, 8);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    }

    /** Empty when a command threw behind others and had no savepoint: everything was rolled back, to be run again. */
    private Optional<BatchResult> runOnce(
            WorkspaceId workspace, List<Job<?>> taken, Supplier<@Nullable Job<?>> next, boolean savepoints) {
        long began = context.ticker().nanoTime();
        try (Connection connection = writePool.getConnection()) {
            connection.setAutoCommit(false);
            BatchTransaction transaction = new BatchTransaction(context, connection, workspace, savepoints);
            return transaction.run(taken, next, began);
        } catch (SQLException e) {
            return Optional.of(new BatchResult.Failed(e, true));
        }
    }

    private static void failAll(List<Job<?>> jobs, Throwable failure) {
        jobs.forEach(job -> job.fail(failure));
    }

    private static void settle(List<BatchResult.Outcome<?>> outcomes) {
        outcomes.forEach(BatchResult.Outcome::settle);
    }
}
