package io.heliograph.server.agents;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.identity.Caller;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who may speak for an agent: the keys of the lineage that it belongs to, and keys with the scope {@code agents:act-as}
 * that name it. An agent that belongs to no key becomes the first one's that writes it. Members are not subject to
 * ownership: their role decides what they may do.
 *
 * <p>Stateless; runs in the connection that it is given.
 */
final class AgentOwners {
    private AgentOwners() {}

    /** Whether the caller may write an agent as it is stored now; true when there is no such agent. */
    static boolean mayWrite(JdbcClient jdbc, Caller caller, AgentId agentId) {
        return !(caller instanceof Caller.Key key) || mayWrite(key, agentId, owner(jdbc, caller.workspace(), agentId));
    }

    /**
     * As {@link #mayWrite(JdbcClient, Caller, AgentId)}.
     *
     * @throws ProblemException {@code agent_of_another_key}
     */
    static void require(JdbcClient jdbc, Caller caller, AgentId agentId) {
        if (!mayWrite(jdbc, caller, agentId)) {
            throw anothers((Caller.Key) caller, agentId);
        }
    }

    /** As {@link #require(JdbcClient, Caller, AgentId)}, for an agent that was read in this transaction. */
    static void require(Caller caller, Agent agent) {
        if (caller instanceof Caller.Key key
                && !mayWrite(key, agent.id(), agent.owner().map(Agent.Owner::keyId))) {
            throw anothers(key, agent.id());
        }
    }

    /** The agent with its owner after the caller has written it. */
    static AgentState claimed(Caller caller, AgentState state) {
        return caller instanceof Caller.Key key && state.agent().owner().isEmpty()
                ? state.ownedBy(ownerBy(key))
                : state;
    }

    static Agent.Owner ownerBy(Caller.Key key) {
        return new Agent.Owner(key.lineage(), Optional.of(key.name()));
    }

    private static boolean mayWrite(Caller.Key key, AgentId agentId, Optional<String> owner) {
        return owner.isEmpty() || owner.get().equals(key.lineage()) || key.mayActAs(agentId);
    }

    private static Optional<String> owner(JdbcClient jdbc, WorkspaceId workspace, AgentId agentId) {
        return jdbc.sql("select key_id from agent where workspace = ? and id = ? and key_id is not null")
                .params(workspace.value(), agentId.value())
                .query(String.class)
                .optional();
    }

    private static ProblemException anothers(Caller.Key key, AgentId agentId) {
        return new ProblemException(
                ErrorCode.AGENT_OF_ANOTHER_KEY,
                "The agent " + agentId + " belongs to another API key than \"" + key.name()
                        + "\"; use that one, or a key with the scope agents:act-as and the agent in its actAs, or let an"
                        + " owner or admin hand the agent over: PUT /v1/agents/" + agentId + "/owner {\"keyId\":\""
                        + key.keyId() + "\"}");
    }
}
