package io.heliograph.server.agents;

import io.heliograph.server.events.AgentId;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An agent as its workspace sees it. Immutable.
 *
 * @param id 1 to 64 characters, chosen by the client that registers it; the server's own begin with {@code agt_}
 * @param owner the API key that it belongs to; absent when a member made it and no key has written it
 * @param pendingApprovals pending requests of this agent
 * @param version 1 at first, +1 with each change that a screen shows; heartbeats leave it alone
 */
public record Agent(
        AgentId id,
        String name,
        Optional<String> kind,
        Optional<Owner> owner,
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

    /**
     * The owner of an agent.
     *
     * @param keyId of the key, as it was before it was rotated: its {@code lineage}
     * @param name of the key; absent for an agent that a node of an earlier version has added
     */
    public record Owner(String keyId, Optional<String> name) {}

    /** How long an agent counts as online after its last activity: 15 s to 24 h. */
    public record Lease(int seconds, Instant expiresAt) {}
}
