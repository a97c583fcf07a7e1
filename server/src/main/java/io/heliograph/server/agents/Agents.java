package io.heliograph.server.agents;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.workspaces.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The commands of the agents' own endpoints, each one transaction. Safe from any thread; blocks on the database. */
final class Agents {
    private final EventLog log;
    private final AgentRoster roster;

    Agents(EventLog log, AgentRoster roster) {
        this.log = log;
        this.roster = roster;
    }

    Agent put(Caller caller, String id, AgentReport report) {
        return log.write(caller.workspace(), transaction -> roster.register(transaction, caller, id, report::applyTo));
    }

    Optional<Agent> heartbeat(Caller caller, String id) {
        return act(caller, id, (state, now) -> state.renewed(now, Duration.ZERO));
    }

    Optional<Agent> stop(Caller caller, String id) {
        return act(caller, id, AgentState::stopped);
    }

    private Optional<Agent> act(Caller caller, String id, Change change) {
        WorkspaceId workspace = caller.workspace();
        return log.write(workspace, transaction -> {
            Optional<Agent> agent = roster.find(transaction, workspace, id);
            if (agent.isEmpty()) {
                return Optional.empty();
            }
            Actor actor = AgentRoster.actorFor(caller, agent.get());
            return roster.change(transaction, workspace, id, actor, state -> change.apply(state, transaction.now()));
        });
    }

    @FunctionalInterface
    private interface Change {
        AgentState apply(AgentState state, Instant now);
    }
}
