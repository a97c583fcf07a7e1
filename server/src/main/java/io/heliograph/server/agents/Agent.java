package io.heliograph.server.agents;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An agent as everyone in its workspace sees it. Immutable.
 *
 * @param id 1 to 64 characters, chosen by whoever registers it; the server's own begin with {@code agt_}
 * @param pendingApprovals requests of this agent that nobody has decided yet
 * @param version 1 at first, +1 with each change that a screen shows; heartbeats leave it alone
 */
public record Agent(
        String id,
        String name,
        Optional<String> kind,
        AgentStatus status,
        Optional<String> statusText,
        Optional<String> currentTask,
        Lease lease,
        Instant lastSeenAt,
        int pendingApprovals,
        Optional<String> error,
        JsonNode metadata,
        Instant createdAt,
        long version) {

    /** For how long an agent counts as there after its last sign of life: 15 s to 24 h. */
    public record Lease(int seconds, Instant expiresAt) {}
}
