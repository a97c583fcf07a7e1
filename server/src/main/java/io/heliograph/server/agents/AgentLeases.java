package io.heliograph.server.agents;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.deadlines.DeadlineLoop;
import io.heliograph.server.events.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes agents offline when their lease is over, by the database's clock. Several nodes may do so at once: the second
 * finds the agent offline already.
 */
final class AgentLeases implements AutoCloseable {
    private static final int BATCH = 200;
    /** There may be more; a moment later, so that a clock that was set back cannot make a busy loop. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private static final Duration IDLE = Duration.ofSeconds(1);

    private final EventLog log;
    private final JdbcClient jdbc;
    private final AgentStore store;
    private final AgentRegistry registry;
    private final DeadlineLoop loop;

    /** {@code jdbc} reads across workspaces, outside any transaction. */
    AgentLeases(
            EventLog log,
            JdbcClient jdbc,
            AgentStore store,
            AgentRegistry registry,
            ScheduledExecutorService scheduler) {
        this.log = log;
        this.jdbc = jdbc;
        this.store = store;
        this.registry = registry;
        this.loop = new DeadlineLoop("the sweep of agents' leases", scheduler, IDLE, this::sweep);
    }

    void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    /** Ends all leases that are over and returns how long it is until the next one is. */
    Duration sweep() {
        Optional<AgentStore.LeaseEnd> next = store.nextLeaseEnd(jdbc);
        if (next.isEmpty()) {
            return IDLE;
        }
        Instant now = log.read(next.get().workspace(), Snapshot::now);
        if (now.isBefore(next.get().at())) {
            return Duration.between(now, next.get().at());
        }
        Map<WorkspaceId, List<AgentStore.DueLease>> due = store.expiredLeases(jdbc, now, BATCH).stream()
                .collect(Collectors.groupingBy(AgentStore.DueLease::workspace));
        Optional<RuntimeException> failure = Optional.empty();
        for (Map.Entry<WorkspaceId, List<AgentStore.DueLease>> group : due.entrySet()) {
            try {
                end(group.getKey(), group.getValue());
            } catch (RuntimeException failed) {
                // One workspace's trouble must not keep the others' agents from going offline.
                failure = Optional.of(failed);
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return AT_ONCE;
    }

    private void end(WorkspaceId workspace, List<AgentStore.DueLease> leases) {
        log.write(workspace, transaction -> {
            for (AgentStore.DueLease lease : leases) {
                // Deriving the status again is all it takes: the lease has run out, unless it was renewed meanwhile.
                registry.change(transaction, workspace, lease.id(), Actor.SYSTEM, state -> state);
            }
            return leases.size();
        });
    }
}
