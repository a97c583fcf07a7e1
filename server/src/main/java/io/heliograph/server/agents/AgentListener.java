package io.heliograph.server.agents;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;

/** Hears of agents whose status changed. Called inside the transaction of the change, after the agent's own event. */
public interface AgentListener {

    void statusChanged(Transaction transaction, WorkspaceId workspace, AgentStatus previous, Agent agent, Actor actor);
}
