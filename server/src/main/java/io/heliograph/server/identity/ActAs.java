package io.heliograph.server.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.events.AgentId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The agents of other keys that a key with the scope {@link Scope#AGENTS_ACT_AS} may act for. On the wire a list of ids
 * of agents, or {@code ["*"]} for all; empty without that scope. Immutable.
 *
 * @param agents at most 100 different ids, or {@code *} alone
 */
public record ActAs(@JsonValue List<String> agents) {
    public static final ActAs NOBODY = new ActAs(List.of());
    /** Stands for every agent of the workspace. */
    public static final String EVERYBODY = "*";

    private static final int MOST = 100;

    /** @throws InvalidFieldException when it is not as said above */
    public ActAs {
        agents = List.copyOf(Fields.atMost("actAs", agents, MOST));
        if (!agents.equals(List.of(EVERYBODY))) {
            for (int index = 0; index < agents.size(); index++) {
                Fields.check(
                        AgentId.hasShape(agents.get(index)),
                        "actAs[" + index + "]",
                        "must be an agent's id, 1 to 64 characters of A-Z a-z 0-9 _ -; or * alone for all agents");
            }
        }
        Fields.check(new HashSet<>(agents).size() == agents.size(), "actAs", "must name each agent once");
    }

    /**
     * Checks that a key has both the scope and agents to act for, or neither.
     *
     * @throws InvalidFieldException for {@code actAs}
     */
    public void requireToFit(Set<Scope> scopes) {
        boolean scoped = scopes.contains(Scope.AGENTS_ACT_AS);
        Fields.check(
                scoped || agents.isEmpty(),
                "actAs",
                "takes the scope agents:act-as; name it in scopes, or leave actAs out");
        Fields.check(
                !scoped || !agents.isEmpty(),
                "actAs",
                "is required with the scope agents:act-as: ids of agents, or [\"*\"] for all");
    }

    boolean includes(AgentId agent) {
        return agents.contains(agent.value()) || agents.contains(EVERYBODY);
    }

    boolean isEmpty() {
        return agents.isEmpty();
    }

    /** As it is stored. */
    Optional<String> format() {
        return agents.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", agents));
    }

    static ActAs parse(Optional<String> stored) {
        return stored.map(text -> new ActAs(Arrays.asList(text.split(" ", -1)))).orElse(NOBODY);
    }
}
