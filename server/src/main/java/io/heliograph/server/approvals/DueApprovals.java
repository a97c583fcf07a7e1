package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL that finds approvals of all workspaces whose deadline has passed or whose claim has expired. Stateless. */
final class DueApprovals {
    private DueApprovals() {}

    /** When an approval of some workspace is due. */
    record Deadline(WorkspaceId workspace, Instant at) {}

    /** An approval whose deadline or claim has expired. */
    record DueApproval(WorkspaceId workspace, ApprovalId id) {}

    /** The claim of all workspaces whose lease expires first. */
    static Optional<Deadline> nextClaimEnd(JdbcClient jdbc) {
        return jdbc.sql("select workspace, claimed_until from approval where claimed_until is not null"
                        + " order by claimed_until limit 1")
                .query((row, _) ->
                        new Deadline(new WorkspaceId(row.getString(1)), Instant.ofEpochMilli(row.getLong(2))))
                .optional();
    }

    /** Approvals of all workspaces whose claim has expired. */
    static List<DueApproval> expiredClaims(JdbcClient jdbc, Instant now, int limit, int skip) {
        return jdbc.sql("select workspace, id from approval"
                        + " where claimed_until is not null and claimed_until <= ?"
                        + " order by claimed_until limit ? offset ?")
                .params(now.toEpochMilli(), limit, skip)
                .query((row, _) -> new DueApproval(new WorkspaceId(row.getString(1)), new ApprovalId(row.getString(2))))
                .list();
    }

    /** The pending approval that is due first, of all workspaces. */
    static Optional<Deadline> nextDeadline(JdbcClient jdbc) {
        return jdbc.sql("select workspace, expires_at from approval where status = 'pending'"
                        + " order by expires_at limit 1")
                .query((row, _) ->
                        new Deadline(new WorkspaceId(row.getString(1)), Instant.ofEpochMilli(row.getLong(2))))
                .optional();
    }

    /** Pending approvals of all workspaces whose deadline has passed, the longest overdue first. */
    static List<DueApproval> due(JdbcClient jdbc, Instant now, int limit, int skip) {
        return jdbc.sql("select workspace, id from approval where status = 'pending' and expires_at <= ?"
                        + " order by expires_at limit ? offset ?")
                .params(now.toEpochMilli(), limit, skip)
                .query((row, _) -> new DueApproval(new WorkspaceId(row.getString(1)), new ApprovalId(row.getString(2))))
                .list();
    }
}
