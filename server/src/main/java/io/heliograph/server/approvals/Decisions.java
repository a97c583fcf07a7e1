package io.heliograph.server.approvals;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import tools.jackson.databind.JsonNode;

/**
 * Decides approvals, each once, by compare-and-set on "pending and not past its deadline" by the database's clock.
 *
 * <p>The caller runs each command as one transaction. Safe from any thread; blocks on the database.
 */
final class Decisions {
    private final EventLog log;
    private final ApprovalStore store;
    private final ApprovalEventPublisher publisher;
    private final Approvals approvals;
    private final ApprovalSettings settings;
    private final SchemaChecks schemas;

    Decisions(
            EventLog log,
            ApprovalStore store,
            ApprovalEventPublisher publisher,
            Approvals approvals,
            ApprovalSettings settings,
            SchemaChecks schemas) {
        this.log = log;
        this.store = store;
        this.publisher = publisher;
        this.approvals = approvals;
        this.settings = settings;
        this.schemas = schemas;
    }

    /** The result of an attempt to decide. */
    sealed interface Result {
        record Recorded(Approval approval) implements Result {}

        /** The same member made exactly this decision before. */
        record RecordedBefore(Approval approval) implements Result {}

        /** It was already decided or cancelled. */
        record AlreadyDecided(Approval approval) implements Result {}

        record Expired(Approval approval) implements Result {}

        record DigestMismatch(Approval approval) implements Result {}

        record VersionMismatch(Approval approval) implements Result {}

        /** The request does not allow this outcome. */
        record NotAllowed(String reason) implements Result {}

        /** The edited args violate the agent's schema. */
        record ArgsMisfit(String fault) implements Result {}

        /** The person who decides may be the one who asked: see {@link Requester#mayBe}. */
        record OwnRequest() implements Result {}

        /** Critical approvals are not decided in bulk. */
        record Critical() implements Result {}

        record NotFound() implements Result {}
    }

    /** Decides one approval. {@code wanted} accepts the versions that it may apply to. */
    Command<Result> decide(Caller.Member member, ApprovalId id, Decision decision, LongPredicate wanted) {
        Optional<String> misfit = misfit(member, id, decision);
        if (misfit.isPresent()) {
            return _ -> new Result.ArgsMisfit(misfit.get());
        }
        return transaction -> decide(transaction, member, id, decision, wanted, false);
    }

    /** As {@link #decide}, for one of many that share a transaction; never for critical approvals. */
    Command<Result> decideInBulk(Caller.Member member, ApprovalId id, Decision decision) {
        return transaction -> decide(transaction, member, id, decision, _ -> true, true);
    }

    /**
     * How edited args break the agent's schema. Runs outside of the transaction, because it may be slow and neither
     * input changes. A decided approval needs no check, because the decision is compared with the stored one.
     */
    private Optional<String> misfit(Caller.Member member, ApprovalId id, Decision decision) {
        if (decision.args().isEmpty()) {
            return Optional.empty();
        }
        WorkspaceId workspace = member.workspace();
        Optional<Approval> found = log.read(workspace, snapshot -> store.find(Sql.in(snapshot), workspace, id))
                .filter(approval -> approval.status() == Approval.Status.PENDING
                        && approval.allow().edit());
        return found.flatMap(Approval::argsSchema)
                .flatMap(schema -> editedArgs(found.orElseThrow(), decision)
                        .flatMap(args -> schemas.argsFault(member, schema, args)));
    }

    private Result decide(
            Transaction transaction,
            Caller.Member member,
            ApprovalId id,
            Decision decision,
            LongPredicate wanted,
            boolean bulk) {
        WorkspaceId workspace = member.workspace();
        Optional<Approval> found = store.find(Sql.in(transaction), workspace, id);
        if (found.isEmpty()) {
            return new Result.NotFound();
        }
        Approval approval = found.get();
        if (approval.status() != Approval.Status.PENDING) {
            return lost(transaction, member, decision, approval);
        }
        if (!transaction.now().isBefore(approval.expiresAt())) {
            // The sweeper may do the same concurrently; the first of the two expires it.
            Optional<Approval> expired = approvals.expire(transaction, workspace, id);
            return lost(transaction, member, decision, expired.orElse(approval));
        }
        Optional<Result> refusal = refuse(transaction, member, approval, decision, wanted, bulk);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return record(transaction, member, approval, decision);
    }

    private Result record(Transaction transaction, Caller.Member member, Approval approval, Decision decision) {
        WorkspaceId workspace = member.workspace();
        Actor actor = member.actor();
        Optional<JsonNode> edited = editedArgs(approval, decision);
        Approval.Resolution resolution = new Approval.Resolution(
                decision.outcome(),
                actor,
                transaction.now(),
                decision.reason(),
                edited,
                edited.isPresent(),
                decision.response(),
                decision.digest());
        Optional<ApprovalStore.Counted> decided =
                store.decide(Sql.in(transaction), workspace, approval.id(), resolution, transaction.now());
        if (decided.isPresent()) {
            publisher.resolved(transaction, workspace, decided.get(), actor);
            return new Result.Recorded(decided.get().approval());
        }
        // With several writers, another transaction has committed first.
        Approval winner =
                store.find(Sql.in(transaction), workspace, approval.id()).orElseThrow();
        return lost(transaction, member, decision, winner);
    }

    /** Why a pending approval cannot be decided so. Changes nothing. */
    private Optional<Result> refuse(
            Transaction transaction,
            Caller.Member member,
            Approval approval,
            Decision decision,
            LongPredicate wanted,
            boolean bulk) {
        if (!approval.action().digest().equals(decision.digest())) {
            return Optional.of(new Result.DigestMismatch(approval));
        }
        if (!wanted.test(approval.version())) {
            return Optional.of(new Result.VersionMismatch(approval));
        }
        if (bulk && approval.risk() == Approval.Risk.CRITICAL) {
            return Optional.of(new Result.Critical());
        }
        if (settings.preventSelf()
                && store.requester(Sql.in(transaction), member.workspace(), approval.id())
                        .mayBe(member)) {
            return Optional.of(new Result.OwnRequest());
        }
        return notAllowed(approval, decision);
    }

    private static Optional<Result> notAllowed(Approval approval, Decision decision) {
        Approval.Allow allow = approval.allow();
        boolean allowed = switch (decision.outcome()) {
            case APPROVED -> editedArgs(approval, decision).isPresent() ? allow.edit() : allow.approve();
            case REJECTED -> allow.reject();
            case RESPONDED -> allow.respond();
            case CANCELLED -> false;
        };
        return allowed
                ? Optional.empty()
                : Optional.of(new Result.NotAllowed("the agent allows " + describe(allow) + " here"));
    }

    private static String describe(Approval.Allow allow) {
        StringBuilder outcomes = new StringBuilder();
        outcomes.append(allow.approve() ? "approved, " : "")
                .append(allow.edit() ? "approved with edited args, " : "")
                .append(allow.reject() ? "rejected, " : "")
                .append(allow.respond() ? "responded, " : "");
        outcomes.setLength(outcomes.length() - 2);
        return outcomes.toString();
    }

    /** The args that replace the action's; empty when they are the same. */
    private static Optional<JsonNode> editedArgs(Approval approval, Decision decision) {
        return decision.args()
                .filter(args -> !NewApproval.digestOf(approval.action().name(), args, "args")
                        .equals(approval.action().digest()));
    }

    private Result lost(Transaction transaction, Caller.Member member, Decision decision, Approval winner) {
        if (winner.resolution().isEmpty()) {
            publisher.record(
                    transaction,
                    member.workspace(),
                    "approval.decision_too_late",
                    winner,
                    member.actor(),
                    Map.of("outcome", decision.outcome(), "expiresAt", winner.expiresAt()));
            return new Result.Expired(winner);
        }
        return isRepeat(member, decision, winner, winner.resolution().get())
                ? new Result.RecordedBefore(winner)
                : new Result.AlreadyDecided(winner);
    }

    /** Whether the member decided exactly this before. Args are compared as canonical JSON. */
    private static boolean isRepeat(
            Caller.Member member, Decision decision, Approval winner, Approval.Resolution stored) {
        return stored.outcome() == decision.outcome()
                && stored.by().type().equals("member")
                && stored.by().id().equals(Optional.of(member.memberId().value()))
                && stored.digest().equals(decision.digest())
                && stored.reason().equals(decision.reason())
                && stored.response().equals(decision.response())
                && digest(winner, stored.args().filter(_ -> stored.argsEdited()))
                        .equals(digest(winner, editedArgs(winner, decision)));
    }

    private static Optional<String> digest(Approval approval, Optional<JsonNode> args) {
        return args.map(value -> NewApproval.digestOf(approval.action().name(), value, "args"));
    }
}
