package io.heliograph.server.approvals;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records which member has an approval open. A claim is a lease: it warns others, and does not keep them from deciding.
 *
 * <p>The caller runs each command as one transaction. Safe from any thread.
 */
final class Claims {
    static final Duration LEASE = Duration.ofSeconds(60);

    private final ApprovalStore store;
    private final ApprovalEventPublisher publisher;
    private final JsonMapper json;

    Claims(ApprovalStore store, ApprovalEventPublisher publisher, JsonMapper json) {
        this.store = store;
        this.publisher = publisher;
        this.json = json;
    }

    /**
     * Claims the approval or renews the claim. Returns the approval with its present claim; empty when there is no such
     * approval.
     */
    Command<Optional<Approval>> claim(Caller.Member member, ApprovalId id) {
        WorkspaceId workspace = member.workspace();
        Actor actor = member.actor();
        return transaction -> {
            Optional<Approval> before = store.find(Sql.in(transaction), workspace, id);
            Approval.Claim claim =
                    new Approval.Claim(holder(actor), transaction.now().plus(LEASE));
            Optional<Approval> claimed = store.claim(Sql.in(transaction), workspace, id, claim, transaction.now());
            if (claimed.isEmpty()) {
                return before;
            }
            boolean renewed = before.flatMap(Approval::claim)
                    .filter(held -> held.by().equals(holder(actor)))
                    .isPresent();
            publish(transaction, workspace, claimed.get(), actor, renewed ? "" : "approval.claimed");
            return claimed;
        };
    }

    /** Releases a claim. Returns the approval; empty when there is no such approval. */
    Command<Optional<Approval>> release(Caller.Member member, ApprovalId id) {
        WorkspaceId workspace = member.workspace();
        Actor actor = member.actor();
        return transaction -> {
            Optional<Approval> released = store.release(Sql.in(transaction), workspace, id, holder(actor));
            released.ifPresent(approval -> publish(transaction, workspace, approval, actor, "approval.released"));
            return released.or(() -> store.find(Sql.in(transaction), workspace, id));
        };
    }

    /** A claim belongs to its member, not to the session. */
    private static Actor holder(Actor actor) {
        return actor.withSignedInBy(List.of());
    }

    /** Ends a claim whose lease has expired. */
    void end(Transaction transaction, WorkspaceId workspace, ApprovalId id) {
        store.endClaim(Sql.in(transaction), workspace, id, transaction.now())
                .ifPresent(approval -> publish(transaction, workspace, approval, Actor.SYSTEM, "approval.released"));
    }

    /** A renewal makes an event, for screens that show the claim, and no audit entry. */
    private void publish(
            Transaction transaction, WorkspaceId workspace, Approval approval, Actor actor, String auditAction) {
        ObjectNode patch = json.createObjectNode();
        if (approval.claim().isPresent()) {
            patch.set("claim", json.valueToTree(approval.claim().get()));
        } else {
            patch.putNull("claim");
        }
        publisher.updated(transaction, approval, actor, patch);
        if (!auditAction.isEmpty()) {
            publisher.record(transaction, workspace, auditAction, approval, actor, Map.of());
        }
    }
}
