package io.heliograph.server.web;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.deadlines.DueWork;
import io.heliograph.server.sql.Sql;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
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

    /**
     * Removes the oldest answers that are over a day old, those of each workspace in a transaction of it.
     *
     * @param limit of answers at once
     * @return how many were removed; 0 when none is left
     */
    public int removeOld(int limit) {
        return DueWork.run(
                limit,
                (batch, skip) ->
                        IdempotencyStore.olderThan(jdbc, clock.instant().minus(KEPT), batch, skip),
                Function.identity(),
                (workspace, answers) -> remove(workspace, answers.size()));
    }

    private int remove(WorkspaceId workspace, int limit) {
        return log.write(
                workspace,
                transaction -> IdempotencyStore.remove(
                        Sql.in(transaction), workspace, transaction.now().minus(KEPT), limit));
    }
}
