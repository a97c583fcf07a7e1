package io.heliograph.server.agents;

import io.heliograph.eventlog.Command;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.identity.ApiKey;
import io.heliograph.server.identity.ApiKeys;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The commands of the agents' endpoints. The caller runs each as one transaction. Safe from any thread. */
final class Agents {
    private final AgentRegistry registry;

    Agents(AgentRegistry registry) {
        this.registry = registry;
    }

    Command<Agent> put(Caller caller, AgentId id, AgentReport report) {
        return transaction -> registry.register(transaction, caller, id, report::applyTo);
    }

    Command<Optional<Agent>> heartbeat(Caller caller, AgentId id) {
        return act(caller, id, (state, now) -> state.renewed(now, Duration.ZERO));
    }

    Command<Optional<Agent>> stop(Caller caller, AgentId id) {
        return act(caller, id, AgentState::stopped);
    }

    /** Empty when there is no such agent. */
    Command<Optional<Agent>> handOver(Caller.Member by, AgentId id, String keyId) {
        return transaction -> {
            if (registry.find(transaction, by.workspace(), id).isEmpty()) {
                return Optional.empty();
            }
            ApiKey key = ApiKeys.usable(Sql.in(transaction), by.workspace(), keyId, transaction.now())
                    .orElseThrow(() -> new InvalidFieldException(
                            "keyId", "must be the id of an API key of this workspace that is in force"));
            return registry.handOver(transaction, by, id, new Agent.Owner(key.lineage(), Optional.of(key.name())));
        };
    }

    private Command<Optional<Agent>> act(Caller caller, AgentId id, Change change) {
        return transaction ->
                registry.changeAs(transaction, caller, id, state -> change.apply(state, transaction.now()));
    }

    @FunctionalInterface
    private interface Change {
        AgentState apply(AgentState state, Instant now);
    }
}
