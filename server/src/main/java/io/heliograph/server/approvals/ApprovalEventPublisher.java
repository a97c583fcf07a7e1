package io.heliograph.server.approvals;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.agents.AgentRegistry;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes a change of an approval inside the change's transaction: first the event, then the audit entry, the agent's
 * count of pending requests, and the listeners.
 *
 * <p>Safe from any thread.
 */
final class ApprovalEventPublisher {
    static final String CREATED = "approval:created";
    static final String RESOLVED = "approval:resolved";
    static final String EXPIRED = "approval:expired";
    static final String UPDATED = "approval:updated";

    private final EventDrafts drafts;
    private final AuditTrail audit;
    private final AgentRegistry agents;
    private final List<ApprovalListener> listeners;
    private final ApprovalWaits waits;
    private final JsonMapper json;

    ApprovalEventPublisher(
            EventDrafts drafts,
            AuditTrail audit,
            AgentRegistry agents,
            List<ApprovalListener> listeners,
            ApprovalWaits waits,
            JsonMapper json) {
        this.drafts = drafts;
        this.audit = audit;
        this.agents = agents;
        this.listeners = List.copyOf(listeners);
        this.waits = waits;
        this.json = json;
    }

    record Created(JsonNode approval, ApprovalCounts counts) {}

    record Resolved(
            ApprovalId id,
            long version,
            Approval.Status status,
            Approval.Resolution resolution,
            AgentId agentId,
            ApprovalCounts counts) {}

    record Expired(
            ApprovalId id,
            long version,
            Instant expiresAt,
            Instant expiredAt,
            AgentId agentId,
            ApprovalCounts counts) {}

    record Updated(ApprovalId id, long version, JsonNode patch) {}

    void created(Transaction transaction, WorkspaceId workspace, ApprovalStore.Counted created, Actor actor) {
        Approval approval = created.approval();
        append(
                transaction,
                CREATED,
                approval,
                actor,
                new Created(ListedApproval.forEvent(approval, json), created.counts()));
        record(
                transaction,
                workspace,
                "approval.created",
                approval,
                actor,
                Map.of(
                        "action",
                        approval.action().name(),
                        "digest",
                        approval.action().digest()));
        agents.approvalsPending(transaction, workspace, approval.agentId(), 1, actor);
        for (ApprovalListener listener : listeners) {
            listener.created(transaction, workspace, approval, actor);
        }
    }

    /** The approval was decided or cancelled. */
    void resolved(Transaction transaction, WorkspaceId workspace, ApprovalStore.Counted resolved, Actor actor) {
        Approval approval = resolved.approval();
        Approval.Resolution resolution = approval.resolution().orElseThrow();
        append(
                transaction,
                RESOLVED,
                approval,
                actor,
                new Resolved(
                        approval.id(),
                        approval.version(),
                        approval.status(),
                        resolution,
                        approval.agentId(),
                        resolved.counts()));
        record(transaction, workspace, "approval.resolved", approval, actor, Map.of("resolution", resolution));
        settled(transaction, workspace, approval, actor);
    }

    void expired(Transaction transaction, WorkspaceId workspace, ApprovalStore.Counted expired) {
        Approval approval = expired.approval();
        append(
                transaction,
                EXPIRED,
                approval,
                Actor.SYSTEM,
                new Expired(
                        approval.id(),
                        approval.version(),
                        approval.expiresAt(),
                        approval.resolvedAt().orElseThrow(),
                        approval.agentId(),
                        expired.counts()));
        record(transaction, workspace, "approval.expired", approval, Actor.SYSTEM, Map.of());
        settled(transaction, workspace, approval, Actor.SYSTEM);
    }

    /** A field other than the status changed. {@code patch} holds the new values, and null for removed ones. */
    void updated(Transaction transaction, Approval approval, Actor actor, ObjectNode patch) {
        append(transaction, UPDATED, approval, actor, new Updated(approval.id(), approval.version(), patch));
    }

    void record(
            Transaction transaction,
            WorkspaceId workspace,
            String action,
            Approval approval,
            Actor actor,
            Map<String, ?> detail) {
        audit.record(transaction, workspace, actor, action, subject(approval), detail);
    }

    private void settled(Transaction transaction, WorkspaceId workspace, Approval approval, Actor actor) {
        agents.approvalsPending(transaction, workspace, approval.agentId(), -1, actor);
        for (ApprovalListener listener : listeners) {
            listener.settled(transaction, workspace, approval, actor);
        }
    }

    private void append(Transaction transaction, String type, Approval approval, Actor actor, Object data) {
        transaction.append(drafts.draft(type, transaction.now(), actor, subject(approval), data));
        WorkspaceId workspace = new WorkspaceId(approval.workspaceId());
        transaction.afterCommit(() -> waits.changed(workspace, approval.id()));
    }

    private static Subject subject(Approval approval) {
        return Subject.of("approval", approval.id().value(), approval.version());
    }
}
