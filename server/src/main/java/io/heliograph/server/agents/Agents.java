package io.heliograph.server.agents;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Actor;
import io.heliograph.server.workspaces.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The commands of the agents' own endpoints, for the caller to run, each as one transaction. Safe from any thread. */
final class Agents {
    private final AgentRoster roster;

    Agents(AgentRoster roster) {
        this.roster = roster;
    }

    Command<Agent> put(Caller caller, String id, AgentReport report) {
        return transaction -> roster.register(transaction, caller, id, report::applyTo);
    }

    Command<Optional<Agent>> heartbeat(Caller caller, String id) {
        return act(caller, id, (state, now) -> state.renewed(now, Duration.ZERO));
    }

    Command<Optional<Agent>> stop(Caller caller, String id) {
        return act(caller, id, AgentState::stopped);
    }

    private Command<Optional<Agent>> act(Caller caller, String id, Change change) {
        WorkspaceId workspace = caller.workspace();
        return transaction -> {
            Optional<Agent> agent = roster.find(transaction, workspace, id);
            if (agent.isEmpty()) {
                return Optional.empty();
            }
            Actor actor = AgentRoster.actorFor(caller, agent.get());
            return roster.change(transaction, workspace, id, actor, state -> change.apply(state, transaction.now()));
        };
    }

    @FunctionalInterface
    private interface Change {
        AgentState apply(AgentState state, Instant now);
    }
}
