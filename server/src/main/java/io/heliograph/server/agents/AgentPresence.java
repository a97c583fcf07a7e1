package io.heliograph.server.agents;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.Actor;
import io.heliograph.server.workspaces.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Any authenticated call of a key is a sign of life of its agents. Whoever authenticates calls reports them here; most
 * reports cost one indexed read, since a lease is renewed once in {@value #RENEWAL_MILLIS} ms at most.
 *
 * <p>An agent that stopped itself stays stopped until it speaks as itself: a heartbeat, a report, a message, a request.
 *
 * <p>Safe from any thread; blocks on the database.
 */
public final class AgentPresence {
    private static final long RENEWAL_MILLIS = 5_000;
    private static final int MAX_AGENTS_PER_KEY = 100;

    private final EventLog log;
    private final AgentStore store;
    private final AgentRoster roster;

    AgentPresence(EventLog log, AgentStore store, AgentRoster roster) {
        this.log = log;
        this.store = store;
        this.roster = roster;
    }

    public void seen(Caller.Key key) {
        seen(key, Duration.ZERO);
    }

    /** As {@link #seen(Caller.Key)}, by a call that is going to wait: its agents are there at least until it ends. */
    public void seen(Caller.Key key, Duration waiting) {
        List<String> stale = log.read(
                key.workspace(),
                snapshot -> store.ofKey(snapshot.jdbc(), key.workspace(), key.keyId(), MAX_AGENTS_PER_KEY).stream()
                        .filter(state -> !state.stopped() && isStale(state.agent(), snapshot.now(), waiting))
                        .map(state -> state.agent().id())
                        .toList());
        if (stale.isEmpty()) {
            return;
        }
        log.write(key.workspace(), transaction -> {
            for (String id : stale) {
                Actor actor = Actor.of("agent", id, key.name());
                roster.change(
                        transaction,
                        key.workspace(),
                        id,
                        actor,
                        state -> state.stopped() ? state : state.renewed(transaction.now(), waiting));
            }
            return stale.size();
        });
    }

    private static boolean isStale(Agent agent, Instant now, Duration waiting) {
        return agent.status() == AgentStatus.OFFLINE
                || !agent.lastSeenAt().plusMillis(RENEWAL_MILLIS).isAfter(now)
                || agent.lease().expiresAt().isBefore(now.plus(waiting).plusMillis(RENEWAL_MILLIS));
    }
}
