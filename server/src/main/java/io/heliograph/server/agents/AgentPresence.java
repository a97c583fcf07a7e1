package io.heliograph.server.agents;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Any authenticated call of a key is a sign of life of its agents. Whoever authenticates calls reports them here; most
 * reports cost nothing, since a lease is renewed once in five seconds at most.
 *
 * <p>An agent that stopped itself stays stopped until it speaks as itself: a heartbeat, a report, a message, a request.
 *
 * <p>Safe from any thread; blocks on the database.
 */
public final class AgentPresence {
    private static final int MAX_AGENTS_PER_KEY = 100;
    private static final long MAX_CACHED = 10_000;

    private final EventLog log;
    private final AgentStore store;
    private final AgentRegistry registry;
    private final Clock clock;
    // By lineage of keys: until when none of its agents can need a renewal. To look at them takes longer than most
    // calls do
    // otherwise.
    private final Cache<String, Instant> freshUntil = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .executor(Runnable::run)
            .build();

    /** The agents that need a renewal, and for how long none does when there are none. */
    private record Look(List<String> stale, Duration fresh) {}

    AgentPresence(EventLog log, AgentStore store, AgentRegistry registry, Clock clock) {
        this.log = log;
        this.store = store;
        this.registry = registry;
        this.clock = clock;
    }

    public void seen(Caller.Key key) {
        if (!isFresh(key)) {
            seen(key, Duration.ZERO);
        }
    }

    /** Whether a report would change nothing. Does not block. */
    boolean isFresh(Caller.Key key) {
        Instant fresh = freshUntil.getIfPresent(key.lineage());
        return fresh != null && clock.instant().isBefore(fresh);
    }

    /** As {@link #seen(Caller.Key)}, by a call that is going to wait: its agents are there at least until it ends. */
    public void seen(Caller.Key key, Duration waiting) {
        Instant before = clock.instant();
        Look look = log.read(key.workspace(), snapshot -> {
            List<AgentState> present =
                    store.ofKey(Sql.in(snapshot), key.workspace(), key.lineage(), MAX_AGENTS_PER_KEY).stream()
                            .filter(state -> !state.stopped())
                            .toList();
            return look(present, snapshot.now(), waiting);
        });
        if (look.stale().isEmpty()) {
            freshUntil.put(key.lineage(), before.plus(look.fresh()));
            return;
        }
        log.write(key.workspace(), transaction -> {
            for (String id : look.stale()) {
                // One that was handed over meanwhile is not this key's any more.
                if (registry.mayWrite(transaction, key, id)) {
                    registry.changeAs(
                            transaction,
                            key,
                            id,
                            state -> state.stopped() ? state : state.renewed(transaction.now(), waiting));
                }
            }
            return look.stale().size();
        });
    }

    private static Look look(List<AgentState> present, Instant now, Duration waiting) {
        List<String> stale = present.stream()
                .filter(state -> state.needsRenewal(now, waiting))
                .map(state -> state.agent().id())
                .toList();
        Instant fresh = present.stream()
                .map(state -> state.agent().lastSeenAt())
                .min(Comparator.naturalOrder())
                .orElse(now)
                .plus(AgentState.RENEWAL);
        return new Look(stale, Duration.between(now, fresh));
    }
}
