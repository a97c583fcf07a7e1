package io.heliograph.server.agents;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Builds an agent that differs from another in a few fields. Owned by one thread. */
final class AgentChange {
    private final Agent from;
    private String name;
    private Optional<String> kind;
    private Optional<Agent.Owner> owner;
    private AgentStatus status;
    private Optional<String> statusText;
    private Optional<String> currentTask;
    private Agent.Lease lease;
    private Instant lastSeenAt;
    private int pendingApprovals;
    private Optional<String> error;
    private JsonNode metadata;
    private long version;

    AgentChange(Agent from) {
        this.from = from;
        this.name = from.name();
        this.kind = from.kind();
        this.owner = from.owner();
        this.status = from.status();
        this.statusText = from.statusText();
        this.currentTask = from.currentTask();
        this.lease = from.lease();
        this.lastSeenAt = from.lastSeenAt();
        this.pendingApprovals = from.pendingApprovals();
        this.error = from.error();
        this.metadata = from.metadata();
        this.version = from.version();
    }

    AgentChange name(String value) {
        name = value;
        return this;
    }

    AgentChange kind(Optional<String> value) {
        kind = value;
        return this;
    }

    AgentChange owner(Agent.Owner value) {
        owner = Optional.of(value);
        return this;
    }

    AgentChange status(AgentStatus value) {
        status = value;
        return this;
    }

    AgentChange describe(Optional<String> newStatusText, Optional<String> newCurrentTask, Optional<String> newError) {
        statusText = newStatusText;
        currentTask = newCurrentTask;
        error = newError;
        return this;
    }

    AgentChange lease(int seconds, Instant expiresAt) {
        lease = new Agent.Lease(seconds, expiresAt);
        return this;
    }

    AgentChange lastSeenAt(Instant value) {
        lastSeenAt = value;
        return this;
    }

    AgentChange pendingApprovals(int value) {
        pendingApprovals = value;
        return this;
    }

    AgentChange metadata(JsonNode value) {
        metadata = value;
        return this;
    }

    AgentChange version(long value) {
        version = value;
        return this;
    }

    Agent toAgent() {
        return new Agent(
                from.id(),
                name,
                kind,
                owner,
                status,
                statusText,
                currentTask,
                lease,
                lastSeenAt,
                pendingApprovals,
                error,
                metadata,
                from.createdAt(),
                version);
    }
}
