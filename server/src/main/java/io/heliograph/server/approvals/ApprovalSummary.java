package io.heliograph.server.approvals;

import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.sql.Sql;

/** The counts of approvals, for other features. Safe from any thread. */
public final class ApprovalSummary {
    private final ApprovalStore store;

    ApprovalSummary(ApprovalStore store) {
        this.store = store;
    }

    public ApprovalCounts counts(Snapshot snapshot, WorkspaceId workspace) {
        return store.counts(Sql.in(snapshot), workspace);
    }
}
