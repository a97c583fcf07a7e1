package io.heliograph.server.agents;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Writes agents' messages. Each durable state of a message, the first of a streaming one and the final one, is one
 * event {@code agent:message} whose topic is the agent, so that a page may ask for one agent's messages only.
 *
 * <p>Safe from any thread; blocks on the database.
 */
final class AgentMessages {
    static final String EVENT = "agent:message";

    private final MessageStore store;
    private final AgentRegistry registry;
    private final EventDrafts drafts;
    private final AuditTrail audit;
    private final MessageDeltas deltas;

    AgentMessages(
            MessageStore store, AgentRegistry registry, EventDrafts drafts, AuditTrail audit, MessageDeltas deltas) {
        this.store = store;
        this.registry = registry;
        this.drafts = drafts;
        this.audit = audit;
        this.deltas = deltas;
    }

    /** How the writing of a message ended. */
    sealed interface Result {
        record Written(AgentMessage message) implements Result {}

        /** The message is stored as requested. */
        record Unchanged(AgentMessage message) implements Result {}

        record Finished(AgentMessage message) implements Result {}

        record NoSuchAgent() implements Result {}

        record NoSuchMessage() implements Result {}
    }

    record MessageWritten(AgentMessage message) {}

    /** Writes a message whose defaults are applied. */
    Result write(Transaction transaction, Caller caller, AgentId agentId, NewMessage message) {
        WorkspaceId workspace = caller.workspace();
        Optional<Agent> agent = registry.named(transaction, caller, agentId);
        if (agent.isEmpty()) {
            return new Result.NoSuchAgent();
        }
        Actor actor = AgentRegistry.actorFor(caller, agent.get());
        return message.id().isPresent()
                ? goOn(transaction, workspace, agentId, actor, message.id().get(), message)
                : begin(transaction, workspace, agentId, actor, message);
    }

    private Result begin(
            Transaction transaction, WorkspaceId workspace, AgentId agentId, Actor actor, NewMessage message) {
        long seq = store.nextSeq(Sql.in(transaction), workspace, agentId).orElseThrow();
        Instant now = transaction.now();
        AgentMessage written = new AgentMessage(
                Ids.next("msg", now.toEpochMilli()),
                agentId,
                seq,
                message.role().orElseThrow(),
                message.kind().orElseThrow(),
                message.text().orElseThrow(),
                message.state().orElseThrow(),
                now,
                0);
        store.insert(Sql.in(transaction), workspace, written);
        publish(transaction, workspace, actor, written);
        return new Result.Written(written);
    }

    private Result goOn(
            Transaction transaction,
            WorkspaceId workspace,
            AgentId agentId,
            Actor actor,
            String id,
            NewMessage message) {
        Optional<AgentMessage> found = store.find(Sql.in(transaction), workspace, agentId, id);
        if (found.isEmpty()) {
            return new Result.NoSuchMessage();
        }
        AgentMessage before = found.get();
        AgentMessage after = new AgentMessage(
                id,
                agentId,
                before.seq(),
                before.role(),
                before.kind(),
                message.text().orElseThrow(),
                message.state().orElseThrow(),
                before.createdAt(),
                before.deltaRev());
        if (after.equals(before)) {
            return new Result.Unchanged(before);
        }
        Optional<AgentMessage> written = store.replaceText(Sql.in(transaction), workspace, before, after);
        if (written.isEmpty()) {
            return new Result.Finished(before);
        }
        if (after.state() == AgentMessage.State.FINAL) {
            transaction.afterCommit(() -> deltas.finished(new MessageDeltas.Key(workspace, agentId, id)));
        }
        publish(transaction, workspace, actor, written.get());
        return new Result.Written(written.get());
    }

    private void publish(Transaction transaction, WorkspaceId workspace, Actor actor, AgentMessage message) {
        Subject subject = Subject.of("message", message.id());
        transaction.append(drafts.draft(
                EVENT,
                transaction.now(),
                Audience.EVERYONE,
                Optional.of(message.agentId().topic()),
                actor,
                subject,
                new MessageWritten(message)));
        audit.record(
                transaction,
                workspace,
                actor,
                "message.written",
                subject,
                Map.of("agentId", message.agentId(), "seq", message.seq(), "state", message.state()));
    }
}
