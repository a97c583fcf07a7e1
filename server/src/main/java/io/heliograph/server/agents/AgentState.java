package io.heliograph.server.agents;

import java.time.Duration;
import java.time.Instant;

/**
 * An agent with the internal state of this feature, and the rules that derive its status.
 *
 * <p>Each change returns a new state, whose status {@link #derived} computes. Immutable.
 *
 * @param reported what it said last: idle, working or error
 * @param stopped it gave its lease back itself, and stays offline until it says something as itself again
 */
record AgentState(Agent agent, AgentStatus reported, boolean stopped) {
    /** A lease is renewed at most once in this time. */
    static final Duration RENEWAL = Duration.ofSeconds(5);

    /** The first of these that holds: no lease, an error, something that blocks it, what it reported. */
    AgentState derived(Instant now) {
        AgentStatus status;
        if (stopped || !now.isBefore(agent.lease().expiresAt())) {
            status = AgentStatus.OFFLINE;
        } else if (reported != AgentStatus.ERROR && agent.pendingApprovals() > 0) {
            status = AgentStatus.WAITING_APPROVAL;
        } else {
            status = reported;
        }
        return with(change().status(status));
    }

    /** Renews the lease, and never shortens it, because one call may wait longer than another. */
    AgentState renewed(Instant now, Duration waiting) {
        Instant expiresAt = now.plusSeconds(agent.lease().seconds()).plus(waiting);
        Instant later = stopped || expiresAt.isAfter(agent.lease().expiresAt())
                ? expiresAt
                : agent.lease().expiresAt();
        return new AgentState(
                change().lease(agent.lease().seconds(), later).lastSeenAt(now).toAgent(), reported, false);
    }

    /** Whether activity of a call that will wait would change the visible lease. */
    boolean needsRenewal(Instant now, Duration waiting) {
        return agent.status() == AgentStatus.OFFLINE
                || !agent.lastSeenAt().plus(RENEWAL).isAfter(now)
                || agent.lease().expiresAt().isBefore(now.plus(waiting).plus(RENEWAL));
    }

    AgentState stopped(Instant now) {
        return new AgentState(
                change().lease(agent.lease().seconds(), now).lastSeenAt(now).toAgent(), reported, true);
    }

    AgentState ownedBy(Agent.Owner owner) {
        return with(change().owner(owner));
    }

    AgentState nextVersion() {
        return with(change().version(agent.version() + 1));
    }

    /**
     * Whether the visible fields differ from {@code other}. Renewed leases and values derived elsewhere do not count.
     */
    boolean looksLike(AgentState other) {
        return settled(agent).equals(settled(other.agent));
    }

    private static Agent settled(Agent agent) {
        return new AgentChange(agent)
                .lease(agent.lease().seconds(), Instant.EPOCH)
                .lastSeenAt(Instant.EPOCH)
                .pendingApprovals(0)
                .version(0)
                .toAgent();
    }

    private AgentChange change() {
        return new AgentChange(agent);
    }

    private AgentState with(AgentChange change) {
        return new AgentState(change.toAgent(), reported, stopped);
    }
}
