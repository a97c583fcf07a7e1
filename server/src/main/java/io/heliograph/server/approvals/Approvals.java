package io.heliograph.server.approvals;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.agents.Agent;
import io.heliograph.server.agents.AgentRegistry;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates, extends, cancels and expires approvals; {@link Decisions} decides them. The caller runs each command as one
 * transaction.
 *
 * <p>Safe from any thread.
 */
final class Approvals {
    private static final Duration MAX_LIFETIME = Duration.ofDays(30);

    private final ApprovalStore store;
    private final ApprovalEventPublisher publisher;
    private final AgentRegistry agents;
    private final JsonMapper json;

    Approvals(ApprovalStore store, ApprovalEventPublisher publisher, AgentRegistry agents, JsonMapper json) {
        this.store = store;
        this.publisher = publisher;
        this.agents = agents;
        this.json = json;
    }

    /** The result of a request for an approval. */
    sealed interface Creation {
        record Created(Approval approval) implements Creation {}

        /** The same request was made before. This is its approval in its present state, with its original deadline. */
        record Joined(Approval approval) implements Creation {}

        record IdempotencyKeyReused(Approval first) implements Creation {}

        record ExternalIdReused(Approval first) implements Creation {}

        record NoSuchAgent(AgentId agentId) implements Creation {}

        /** A member, which has no agent, named none. */
        record AgentMissing() implements Creation {}
    }

    /** The result of changing a pending approval. */
    sealed interface Change {
        record Changed(Approval approval) implements Change {}

        /** It is terminal, by its status or by its deadline. */
        record Settled(Approval approval) implements Change {}

        record NotFound() implements Change {}

        record NotOwner() implements Change {}

        record OutOfRange(String expected) implements Change {}
    }

    Command<Creation> create(Caller caller, NewApproval request, Optional<String> idempotencyKey) {
        WorkspaceId workspace = caller.workspace();
        return transaction -> {
            Requester requester = requester(caller);
            Optional<Agent> agent = agent(transaction, caller, request);
            if (agent.isEmpty()) {
                return request.agent().<Creation>map(Creation.NoSuchAgent::new).orElseGet(Creation.AgentMissing::new);
            }
            AgentId agentId = agent.get().id();
            String digest = request.action().digest();
            Approval approval = newApproval(transaction.now(), workspace, agentId, digest, request);
            Optional<ApprovalStore.Counted> created =
                    store.insert(Sql.in(transaction), workspace, approval, requester, idempotencyKey);
            if (created.isEmpty()) {
                return join(transaction, workspace, requester, agentId, digest, request, idempotencyKey)
                        .orElseThrow(() -> new IllegalStateException(approval.id() + " is neither new nor known"));
            }
            publisher.created(transaction, workspace, created.get(), actor(caller, agent.get()));
            return new Creation.Created(approval);
        };
    }

    /**
     * Cancels a request. A key cancels requests that a key made for an agent that it may act for; members who may
     * decide cancel any.
     */
    Command<Change> cancel(Caller caller, ApprovalId id, Optional<String> reason) {
        WorkspaceId workspace = caller.workspace();
        return transaction -> change(transaction, caller, id, approval -> {
            Actor actor = actorOn(transaction, caller, approval);
            Approval.Resolution resolution = new Approval.Resolution(
                    Approval.Outcome.CANCELLED,
                    actor,
                    transaction.now(),
                    reason,
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    approval.action().digest());
            Optional<ApprovalStore.Counted> cancelled =
                    store.decide(Sql.in(transaction), workspace, id, resolution, transaction.now());
            cancelled.ifPresent(after -> publisher.resolved(transaction, workspace, after, actor));
            return cancelled.map(ApprovalStore.Counted::approval);
        });
    }

    /** Moves the deadline to {@code expiresIn} from now, which must be later than the present deadline. */
    Command<Change> extend(Caller caller, ApprovalId id, Duration expiresIn) {
        WorkspaceId workspace = caller.workspace();
        return transaction -> {
            Instant deadline = transaction.now().plus(expiresIn);
            Optional<Approval> found = store.find(Sql.in(transaction), workspace, id);
            if (found.isPresent() && !deadline.isAfter(found.get().expiresAt())) {
                return new Change.OutOfRange("must lead to a later deadline than "
                        + json.convertValue(found.get().expiresAt(), String.class));
            }
            if (found.isPresent() && deadline.isAfter(found.get().createdAt().plus(MAX_LIFETIME))) {
                return new Change.OutOfRange(
                        "must lead to a deadline in at most 30 days after the approval's creation");
            }
            return change(transaction, caller, id, approval -> {
                Optional<Approval> extended =
                        store.extend(Sql.in(transaction), workspace, id, deadline, transaction.now());
                extended.ifPresent(after -> {
                    Actor actor = actorOn(transaction, caller, after);
                    publisher.updated(
                            transaction, after, actor, json.valueToTree(Map.of("expiresAt", after.expiresAt())));
                    publisher.record(
                            transaction,
                            workspace,
                            "approval.extended",
                            after,
                            actor,
                            Map.of("from", approval.expiresAt(), "to", after.expiresAt()));
                });
                return extended;
            });
        };
    }

    /** Expires one approval if it is pending and due. */
    Optional<Approval> expire(Transaction transaction, WorkspaceId workspace, ApprovalId id) {
        Optional<ApprovalStore.Counted> expired = store.expire(Sql.in(transaction), workspace, id, transaction.now());
        expired.ifPresent(after -> publisher.expired(transaction, workspace, after));
        return expired.map(ApprovalStore.Counted::approval);
    }

    private Change change(Transaction transaction, Caller caller, ApprovalId id, PendingChange change) {
        WorkspaceId workspace = caller.workspace();
        Optional<Approval> found = store.find(Sql.in(transaction), workspace, id);
        if (found.isEmpty()) {
            return new Change.NotFound();
        }
        if (caller instanceof Caller.Key) {
            if (store.requester(Sql.in(transaction), workspace, id).isMember()) {
                return new Change.NotOwner();
            }
            agents.requireMayWrite(transaction, caller, found.get().agentId());
        }
        return change.apply(found.get())
                .<Change>map(Change.Changed::new)
                .orElseGet(() -> new Change.Settled(expire(transaction, workspace, id)
                        .or(() -> store.find(Sql.in(transaction), workspace, id))
                        .orElseThrow()));
    }

    @FunctionalInterface
    private interface PendingChange {
        /** Empty when the approval was not pending any more. */
        Optional<Approval> apply(Approval approval);
    }

    private Optional<Creation> join(
            Transaction transaction,
            WorkspaceId workspace,
            Requester requester,
            AgentId agentId,
            String digest,
            NewApproval request,
            Optional<String> idempotencyKey) {
        Optional<Approval> byKey = idempotencyKey.flatMap(
                key -> store.findByIdempotencyKey(Sql.in(transaction), workspace, requester.id(), key));
        if (byKey.isPresent()) {
            // A decision is about one action, so a repeated request must have the same action.
            return Optional.of(
                    byKey.get().action().digest().equals(digest)
                            ? new Creation.Joined(byKey.get())
                            : new Creation.IdempotencyKeyReused(byKey.get()));
        }
        return request.externalId()
                .flatMap(externalId -> store.findByExternalId(Sql.in(transaction), workspace, agentId, externalId))
                .map(first -> first.action().digest().equals(digest)
                        ? new Creation.Joined(first)
                        : new Creation.ExternalIdReused(first));
    }

    private Optional<Agent> agent(Transaction transaction, Caller caller, NewApproval request) {
        if (request.agent().isPresent()) {
            return agents.named(transaction, caller, request.agent().get());
        }
        return caller instanceof Caller.Key key ? Optional.of(agents.ofKey(transaction, key)) : Optional.empty();
    }

    private Approval newApproval(
            Instant now, WorkspaceId workspace, AgentId agentId, String digest, NewApproval request) {
        NewApproval.Action action = request.action();
        return new Approval(
                ApprovalId.next(now),
                workspace.value(),
                agentId,
                request.externalId(),
                request.title(),
                request.description(),
                request.reasoning(),
                request.confidence(),
                request.risk().orElse(Approval.Risk.MEDIUM),
                request.tags(),
                new Approval.Action(action.name(), action.args(), action.preview(), digest),
                request.allowed(),
                request.argsSchema(),
                request.rejectOptions(),
                Approval.Status.PENDING,
                now,
                now.plusSeconds(request.expirySeconds()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                request.metadata().orElseGet(json::createObjectNode),
                1);
    }

    private Actor actorOn(Transaction transaction, Caller caller, Approval approval) {
        return switch (caller) {
            case Caller.Member member -> member.actor();
            case Caller.Key key ->
                agents.find(transaction, key.workspace(), approval.agentId())
                        .map(agent -> actor(key, agent))
                        .orElseGet(key::actor);
        };
    }

    private static Actor actor(Caller caller, Agent agent) {
        return switch (caller) {
            case Caller.Member member -> member.actor();
            case Caller.Key key -> key.speakingFor(agent.id(), agent.name());
        };
    }

    private static Requester requester(Caller caller) {
        Optional<MemberId> owner = switch (caller) {
            case Caller.Member member -> Optional.of(member.memberId());
            case Caller.Key key -> key.owner();
        };
        return new Requester(caller.idempotencyOwner(), owner, caller.signedInBy());
    }
}
