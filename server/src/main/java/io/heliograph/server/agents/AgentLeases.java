package io.heliograph.server.agents;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Snapshot;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.deadlines.DeadlineLoop;
import io.heliograph.server.deadlines.DueWork;
import io.heliograph.server.events.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Sets agents offline when their lease expires, by the database's clock. Several nodes may do so at once: the second
 * finds the agent offline already.
 */
final class AgentLeases implements AutoCloseable {
    private static final int BATCH = 200;
    /** The delay before the next batch; above zero, so that a clock that was set back cannot cause a busy loop. */
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

    /** Ends all expired leases and returns the time until the next one expires. */
    Duration sweep() {
        Optional<AgentStore.LeaseEnd> next = store.nextLeaseEnd(jdbc);
        if (next.isEmpty()) {
            return IDLE;
        }
        Instant now = log.read(next.get().workspace(), Snapshot::now);
        if (now.isBefore(next.get().at())) {
            return Duration.between(now, next.get().at());
        }
        var _ = DueWork.run(
                BATCH,
                (limit, skip) -> store.expiredLeases(jdbc, now, limit, skip),
                AgentStore.DueLease::workspace,
                this::end);
        return AT_ONCE;
    }

    private int end(WorkspaceId workspace, List<AgentStore.DueLease> leases) {
        return log.write(workspace, transaction -> {
            for (AgentStore.DueLease lease : leases) {
                // Deriving the status again is enough: the lease has expired, unless it was renewed in between.
                registry.change(transaction, workspace, lease.id(), Actor.SYSTEM, state -> state);
            }
            return leases.size();
        });
    }
}
