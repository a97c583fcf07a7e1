package io.heliograph.server.approvals;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.Transaction;
import io.heliograph.server.deadlines.DeadlineLoop;
import io.heliograph.server.deadlines.DueWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Expires approvals at their deadline, never before it, by the database's clock, and ends claims whose lease has
 * expired.
 *
 * <p>It sleeps until the next deadline in the database, and checks at least every {@value #MAX_SLEEP_MILLIS} ms for
 * deadlines of other nodes. Several nodes may sweep at once: each expiry is a compare-and-set, so the second finds
 * nothing to do.
 */
final class DeadlineSweeper implements AutoCloseable {
    private static final long MAX_SLEEP_MILLIS = 250;
    private static final int BATCH = 200;
    /** The delay before the next batch; above zero, so that a clock that was set back cannot cause a busy loop. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final EventLog log;
    private final JdbcClient jdbc;
    private final Approvals approvals;
    private final Claims claims;
    private final DeadlineLoop deadlines;
    private final DeadlineLoop claimLeases;

    /** {@code jdbc} reads across workspaces, outside any transaction. */
    DeadlineSweeper(
            EventLog log, JdbcClient jdbc, Approvals approvals, Claims claims, ScheduledExecutorService scheduler) {
        this.log = log;
        this.jdbc = jdbc;
        this.approvals = approvals;
        this.claims = claims;
        this.deadlines = new DeadlineLoop(
                "the sweep of approvals' deadlines", scheduler, Duration.ofMillis(MAX_SLEEP_MILLIS), this::expire);
        this.claimLeases = new DeadlineLoop("the sweep of claims", scheduler, Duration.ofSeconds(1), this::endClaims);
    }

    void start() {
        deadlines.start();
        claimLeases.start();
    }

    @Override
    public void close() {
        deadlines.close();
        claimLeases.close();
    }

    /** Expires all due approvals and returns the time until the next deadline. */
    Duration expire() {
        return sweep(DueApprovals::nextDeadline, DueApprovals::due, (transaction, approval) -> {
            approvals.expire(transaction, approval.workspace(), approval.id());
        });
    }

    /** Ends all expired claims and returns the time until the next one expires. */
    Duration endClaims() {
        return sweep(DueApprovals::nextClaimEnd, DueApprovals::expiredClaims, (transaction, approval) -> {
            claims.end(transaction, approval.workspace(), approval.id());
        });
    }

    private Duration sweep(Next next, Due due, Step step) {
        Optional<DueApprovals.Deadline> first = next.find(jdbc);
        if (first.isEmpty()) {
            return Duration.ofDays(1);
        }
        Instant now = log.read(first.get().workspace(), Snapshot::now);
        if (now.isBefore(first.get().at())) {
            return Duration.between(now, first.get().at());
        }
        var _ = DueWork.run(
                BATCH,
                (limit, skip) -> due.find(jdbc, now, limit, skip),
                DueApprovals.DueApproval::workspace,
                (workspace, approvals) -> log.write(workspace, transaction -> {
                    approvals.forEach(approval -> step.apply(transaction, approval));
                    return approvals.size();
                }));
        return AT_ONCE;
    }

    @FunctionalInterface
    private interface Next {
        Optional<DueApprovals.Deadline> find(JdbcClient jdbc);
    }

    @FunctionalInterface
    private interface Due {
        List<DueApprovals.DueApproval> find(JdbcClient jdbc, Instant now, int limit, int skip);
    }

    @FunctionalInterface
    private interface Step {
        void apply(Transaction transaction, DueApprovals.DueApproval approval);
    }
}
