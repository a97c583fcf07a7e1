package io.heliograph.server.agents;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How many agents of a workspace have each status. Immutable. */
public record AgentCounts(
        int idle,
        int working,
        @JsonProperty("waiting_approval") int waitingApproval,
        int error,
        int offline) {}
