package io.heliograph.server.agents;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.heliograph.eventlog.EventLog;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.sql.Sql;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Any authenticated call of a key renews the leases of its agents. Authenticated calls are reported here. Most reports
 * do nothing, because a lease is renewed at most once in five seconds.
 *
 * <p>An agent that stopped itself stays offline until it sends a heartbeat, a report, a message or a request.
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
    // By lineage of keys: the time until which none of its agents needs a renewal. Without this cache the check would
    // take longer than most calls.
    private final Cache<String, Instant> freshUntil = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .executor(Runnable::run)
            .build();

    /** The agents that need a renewal; when there are none, how long that stays so. */
    private record Look(List<AgentId> stale, Duration fresh) {}

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

    /** As {@link #seen(Caller.Key)}, for a call that will wait: its agents stay online at least until it ends. */
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
            for (AgentId id : look.stale()) {
                // An agent that was handed over in between no longer belongs to this key.
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
        List<AgentId> stale = present.stream()
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
