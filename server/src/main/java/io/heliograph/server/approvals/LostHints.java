package io.heliograph.server.approvals;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.deadlines.DeadlineLoop;
import io.heliograph.server.deadlines.DueWork;
import io.heliograph.server.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Wakes the waiters whose hint was lost: every {@value #INTERVAL_SECONDS} s it compares the versions that the waiters
 * have read with those in the database, some hundred approvals with one query.
 */
final class LostHints implements AutoCloseable {
    private static final long INTERVAL_SECONDS = 5;
    private static final int BATCH = 250;

    private final EventLog log;
    private final ApprovalStore store;
    private final ApprovalWaits waits;
    private final DeadlineLoop loop;

    /** @param scheduler runs the queries; it belongs to the caller */
    LostHints(EventLog log, ApprovalStore store, ApprovalWaits waits, ScheduledExecutorService scheduler) {
        this.log = log;
        this.store = store;
        this.waits = waits;
        this.loop = new DeadlineLoop(
                "the search for lost hints of approvals", scheduler, Duration.ofSeconds(INTERVAL_SECONDS), () -> {
                    wakeWaiters();
                    return Duration.ofSeconds(INTERVAL_SECONDS);
                });
    }

    void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    /** Blocks on the database. A failure in one workspace does not keep the waiters of others asleep. */
    void wakeWaiters() {
        DueWork.forEach(waits.awaited(), this::wakeWaitersInBatches);
    }

    private void wakeWaitersInBatches(WorkspaceId workspace, List<ApprovalId> ids) {
        for (int from = 0; from < ids.size(); from += BATCH) {
            wakeWaiters(workspace, ids.subList(from, Math.min(from + BATCH, ids.size())));
        }
    }

    private void wakeWaiters(WorkspaceId workspace, List<ApprovalId> ids) {
        Map<ApprovalId, Long> versions =
                log.read(workspace, snapshot -> store.versions(Sql.in(snapshot), workspace, ids));
        for (ApprovalId id : ids) {
            waits.isAt(workspace, id, versions.getOrDefault(id, ApprovalWaits.REMOVED));
        }
    }
}
