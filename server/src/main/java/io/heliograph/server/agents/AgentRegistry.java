package io.heliograph.server.agents;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Scope;
import io.heliograph.server.sql.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The agents of every workspace, changed inside the caller's transaction. Each visible change makes one event {@code
 * agent:status} and one audit entry; renewed leases make none.
 *
 * <p>Safe from any thread.
 */
public final class AgentRegistry {
    static final String EVENT = "agent:status";
    private static final int DEFAULT_LEASE_SECONDS = 60;

    private final AgentStore store;
    private final EventDrafts drafts;
    private final AuditTrail audit;
    private final List<AgentListener> listeners;
    private final JsonMapper json;

    AgentRegistry(
            AgentStore store, EventDrafts drafts, AuditTrail audit, List<AgentListener> listeners, JsonMapper json) {
        this.store = store;
        this.drafts = drafts;
        this.audit = audit;
        this.listeners = List.copyOf(listeners);
        this.json = json;
    }

    /** The data of {@code agent:status}. */
    record StatusChanged(Shown agent, AgentCounts counts) {

        record Shown(@JsonUnwrapped Agent agent, Optional<AgentStatus> previousStatus) {}
    }

    /**
     * The agent that a caller names. A key that may write agents need not register one first: an unknown id becomes a
     * new agent of the key, under the key's name. A key that names its agent acts as it, which renews the lease, even
     * after the agent stopped. Empty when there is no such agent and the caller may not create it.
     *
     * @throws InvalidFieldException when the id has not the shape of one
     * @throws ProblemException {@code agent_of_another_key} when a key may not speak for it
     */
    public Optional<Agent> named(Transaction transaction, Caller caller, AgentId id) {
        Optional<AgentState> known = store.find(Sql.in(transaction), caller.workspace(), id);
        if (!(caller instanceof Caller.Key key)) {
            return known.map(AgentState::agent);
        }
        if (known.isPresent()) {
            return Optional.of(speaks(transaction, key, known.get()));
        }
        return key.scopes().contains(Scope.AGENTS_WRITE)
                ? Optional.of(register(transaction, key, id, UnaryOperator.identity()))
                : Optional.empty();
    }

    public Optional<Agent> find(Transaction transaction, WorkspaceId workspace, AgentId id) {
        return store.find(Sql.in(transaction), workspace, id).map(AgentState::agent);
    }

    /** Whether the caller may act for an agent as it is stored now. */
    public boolean mayWrite(Transaction transaction, Caller caller, AgentId id) {
        return AgentOwners.mayWrite(Sql.in(transaction), caller, id);
    }

    /**
     * As {@link #mayWrite}.
     *
     * @throws ProblemException {@code agent_of_another_key}
     */
    public void requireMayWrite(Transaction transaction, Caller caller, AgentId id) {
        AgentOwners.require(Sql.in(transaction), caller, id);
    }

    /** The agent that a key acts for: its first agent, else a new one with the key's name. */
    public Agent ofKey(Transaction transaction, Caller.Key key) {
        List<AgentState> own = store.ofKey(Sql.in(transaction), key.workspace(), key.lineage(), 1);
        if (!own.isEmpty()) {
            return speaks(transaction, key, own.getFirst());
        }
        return register(transaction, key, AgentId.next(transaction.now()), UnaryOperator.identity());
    }

    /** Changes the count of an agent's pending requests; its status is waiting while there is one. */
    public void approvalsPending(
            Transaction transaction, WorkspaceId workspace, AgentId agentId, int change, Actor actor) {
        store.addPending(Sql.in(transaction), workspace, agentId, change)
                .ifPresent(state -> replace(transaction, workspace, actor, state, state));
    }

    public AgentCounts counts(Snapshot snapshot, WorkspaceId workspace) {
        return store.counts(Sql.in(snapshot), workspace);
    }

    /** Creates an agent, or changes the existing one. */
    Agent register(Transaction transaction, Caller caller, AgentId id, UnaryOperator<AgentState> report) {
        id.requireShape();
        Instant now = transaction.now();
        Agent newAgent = new Agent(
                id,
                caller.name(),
                Optional.empty(),
                caller instanceof Caller.Key key ? Optional.of(AgentOwners.ownerBy(key)) : Optional.empty(),
                AgentStatus.IDLE,
                Optional.empty(),
                Optional.empty(),
                new Agent.Lease(DEFAULT_LEASE_SECONDS, now),
                now,
                0,
                Optional.empty(),
                json.createObjectNode(),
                now,
                1);
        AgentState state = report.apply(new AgentState(newAgent, AgentStatus.IDLE, false))
                .renewed(now, Duration.ZERO)
                .derived(now);
        Actor actor = actorFor(caller, state.agent());
        if (!store.insert(Sql.in(transaction), caller.workspace(), state)) {
            return changeAs(
                            transaction,
                            caller,
                            id,
                            stored -> report.apply(stored).renewed(now, Duration.ZERO))
                    .orElseThrow(() -> new IllegalStateException("agent " + id + " was neither created nor found"));
        }
        publish(transaction, caller.workspace(), actor, Optional.empty(), state.agent());
        return state.agent();
    }

    /** Changes an existing agent, and appends an event when the change is visible. */
    Optional<Agent> change(
            Transaction transaction, WorkspaceId workspace, AgentId id, Actor actor, UnaryOperator<AgentState> change) {
        return store.find(Sql.in(transaction), workspace, id)
                .map(before -> replace(transaction, workspace, actor, before, change.apply(before)));
    }

    /**
     * As {@link #change}, with the caller as the actor.
     *
     * @throws ProblemException {@code agent_of_another_key} when a key may not speak for it
     */
    Optional<Agent> changeAs(Transaction transaction, Caller caller, AgentId id, UnaryOperator<AgentState> change) {
        return store.find(Sql.in(transaction), caller.workspace(), id).map(before -> {
            AgentOwners.require(caller, before.agent());
            return replace(
                    transaction,
                    caller.workspace(),
                    actorFor(caller, before.agent()),
                    before,
                    change.apply(AgentOwners.claimed(caller, before)));
        });
    }

    /** Transfers an agent to another key. Empty when there is no such agent. */
    Optional<Agent> handOver(Transaction transaction, Caller.Member by, AgentId id, Agent.Owner owner) {
        WorkspaceId workspace = by.workspace();
        return store.find(Sql.in(transaction), workspace, id).map(before -> {
            if (before.agent().owner().equals(Optional.of(owner))) {
                return before.agent();
            }
            AgentState after = before.ownedBy(owner).nextVersion();
            store.update(Sql.in(transaction), workspace, before.agent().status(), after);
            Map<String, Object> detail = new LinkedHashMap<>();
            before.agent().owner().ifPresent(former -> detail.put("before", former));
            detail.put("after", owner);
            publish(
                    transaction,
                    workspace,
                    by.actor(),
                    Optional.of(before.agent().status()),
                    after.agent(),
                    "agent.owner_changed",
                    detail);
            return after.agent();
        });
    }

    /** Stores the new state of an agent with its derived status. */
    private Agent replace(
            Transaction transaction, WorkspaceId workspace, Actor actor, AgentState before, AgentState changed) {
        AgentState after = changed.derived(transaction.now());
        boolean shown = !after.looksLike(before);
        AgentState stored = shown ? after.nextVersion() : after;
        if (!stored.equals(before)) {
            store.update(Sql.in(transaction), workspace, before.agent().status(), stored);
        }
        if (shown) {
            publish(transaction, workspace, actor, Optional.of(before.agent().status()), stored.agent());
        }
        return stored.agent();
    }

    private Agent speaks(Transaction transaction, Caller.Key key, AgentState agent) {
        AgentOwners.require(key, agent.agent());
        AgentState owned = AgentOwners.claimed(key, agent);
        if (owned.equals(agent) && !agent.needsRenewal(transaction.now(), Duration.ZERO)) {
            return agent.agent();
        }
        return replace(
                transaction,
                key.workspace(),
                actorFor(key, agent.agent()),
                agent,
                owned.renewed(transaction.now(), Duration.ZERO));
    }

    /** The actor: a key acts as the agent, a member as a person. */
    static Actor actorFor(Caller caller, Agent agent) {
        return switch (caller) {
            case Caller.Key key -> key.speakingFor(agent.id(), agent.name());
            case Caller.Member member -> member.actor();
        };
    }

    private void publish(
            Transaction transaction, WorkspaceId workspace, Actor actor, Optional<AgentStatus> previous, Agent agent) {
        publish(
                transaction,
                workspace,
                actor,
                previous,
                agent,
                previous.isPresent() ? "agent.changed" : "agent.registered",
                Map.of("status", agent.status().wireName(), "name", agent.name()));
    }

    private void publish(
            Transaction transaction,
            WorkspaceId workspace,
            Actor actor,
            Optional<AgentStatus> previous,
            Agent agent,
            String action,
            Map<String, ?> detail) {
        Subject subject = Subject.of("agent", agent.id().value(), agent.version());
        transaction.append(drafts.draft(
                EVENT,
                transaction.now(),
                actor,
                subject,
                new StatusChanged(
                        new StatusChanged.Shown(agent, previous), store.counts(Sql.in(transaction), workspace))));
        audit.record(transaction, workspace, actor, action, subject, detail);
        if (previous.isPresent() && previous.get() != agent.status()) {
            for (AgentListener listener : listeners) {
                listener.statusChanged(transaction, workspace, previous.get(), agent, actor);
            }
        }
    }
}
