package io.heliograph.server.agents;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;

/**
 * Notified when an agent's status changes. Called inside the transaction of the change, after the agent's own event.
 */
public interface AgentListener {

    void statusChanged(Transaction transaction, WorkspaceId workspace, AgentStatus previous, Agent agent, Actor actor);
}
