package io.heliograph.server.web;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.sql.Sql;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Removes old answers that {@link Commands} stored. Safe from any thread; blocks on the database. */
@Component
public final class IdempotencyRetention {
    private static final Duration KEPT = Duration.ofHours(24);

    private final EventLog log;
    private final JdbcClient jdbc;
    private final Clock clock;

    /** {@code jdbc} reads across workspaces, outside any transaction. */
    public IdempotencyRetention(EventLog log, JdbcClient jdbc, Clock clock) {
        this.log = log;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The workspace of each answer that is over a day old, the oldest first, behind {@code skip} of them. */
    public List<WorkspaceId> old(int limit, int skip) {
        return IdempotencyStore.olderThan(jdbc, clock.instant().minus(KEPT), limit, skip);
    }

    /** Removes the oldest answers of a workspace that are over a day old, at most {@code limit}; returns how many. */
    public int remove(WorkspaceId workspace, int limit) {
        return log.write(
                workspace,
                transaction -> IdempotencyStore.remove(
                        Sql.in(transaction), workspace, transaction.now().minus(KEPT), limit));
    }
}
