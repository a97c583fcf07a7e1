package io.heliograph.server.limits;

import java.util.Optional;

/** A counter of a workspace, stored in a row and updated by the transactions that change the counted rows. */
public enum UsageCounter {
    PENDING_APPROVALS("approvals.pending", approvalsOf("pending")),
    CRITICAL_APPROVALS(
            "approvals.critical",
            "select count(*) from approval where workspace = :workspace and status = 'pending' and risk = 'critical'"),
    APPROVED_APPROVALS("approvals.approved", approvalsOf("approved")),
    REJECTED_APPROVALS("approvals.rejected", approvalsOf("rejected")),
    EXPIRED_APPROVALS("approvals.expired", approvalsOf("expired")),
    CANCELLED_APPROVALS("approvals.cancelled", approvalsOf("cancelled")),
    AGENTS("agents", "select count(*) from agent where workspace = :workspace"),
    IDLE_AGENTS("agents.idle", agentsOf("idle")),
    WORKING_AGENTS("agents.working", agentsOf("working")),
    WAITING_AGENTS("agents.waiting_approval", agentsOf("waiting_approval")),
    FAILED_AGENTS("agents.error", agentsOf("error")),
    OFFLINE_AGENTS("agents.offline", agentsOf("offline")),
    /** UTF-8 bytes of the texts of approvals and messages. */
    STORED_BYTES(
            "stored.bytes",
            "select (select coalesce(sum(bytes), 0) from approval where workspace = :workspace)"
                    + " + (select coalesce(sum(bytes), 0) from agent_message where workspace = :workspace)");

    private final String key;
    private final String recount;

    UsageCounter(String key, String recount) {
        this.key = key;
        this.recount = recount;
    }

    /** As its row is named. */
    String key() {
        return key;
    }

    /** The SQL that recomputes it; its parameter is {@code workspace}. */
    String recount() {
        return recount;
    }

    /** Its limit, if it has one. */
    Optional<WorkspaceLimit> limit() {
        return switch (this) {
            case PENDING_APPROVALS -> Optional.of(WorkspaceLimit.PENDING_APPROVALS);
            case AGENTS -> Optional.of(WorkspaceLimit.AGENTS);
            case STORED_BYTES -> Optional.of(WorkspaceLimit.STORED);
            case CRITICAL_APPROVALS,
                    APPROVED_APPROVALS,
                    REJECTED_APPROVALS,
                    EXPIRED_APPROVALS,
                    CANCELLED_APPROVALS,
                    IDLE_AGENTS,
                    WORKING_AGENTS,
                    WAITING_AGENTS,
                    FAILED_AGENTS,
                    OFFLINE_AGENTS -> Optional.empty();
        };
    }

    private static String approvalsOf(String status) {
        return "select count(*) from approval where workspace = :workspace and status = '" + status + "'";
    }

    private static String agentsOf(String status) {
        return "select count(*) from agent where workspace = :workspace and status = '" + status + "'";
    }
}
