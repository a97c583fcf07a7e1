package io.heliograph.server.limits;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The counters of workspaces, and the limits of counters and other counts. Commands of a workspace run one at a time,
 * so a counter cannot change between its update and the commit.
 *
 * <p>Safe from any thread; runs in the connection that it is given.
 */
public final class WorkspaceUsage {
    private final LimitSettings settings;
    private final MeterRegistry registry;

    WorkspaceUsage(LimitSettings settings, MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        for (WorkspaceLimit limit : WorkspaceLimit.values()) {
            reached(limit).increment(0);
        }
    }

    /**
     * Changes counters, in one statement.
     *
     * @param changes may hold a counter with 0, to read it
     * @return the counters of {@code changes} as they are then; 0 for others
     * @throws ProblemException {@code limit_reached}, when one that grows is past its limit; the transaction must then
     *     be rolled back
     */
    public ToLongFunction<UsageCounter> add(JdbcClient jdbc, WorkspaceId workspace, Map<UsageCounter, Long> changes) {
        ToLongFunction<UsageCounter> values = adjust(jdbc, workspace, changes);
        changes.forEach((counter, change) -> {
            if (change > 0) {
                counter.limit().ifPresent(limit -> check(limit, values.applyAsLong(counter)));
            }
        });
        return values;
    }

    /** As {@link #add}, without a limit: a decision is not rejected because of its size. */
    public ToLongFunction<UsageCounter> adjust(
            JdbcClient jdbc, WorkspaceId workspace, Map<UsageCounter, Long> changes) {
        // In the order of the enum, so that two transactions change rows in the same order.
        List<UsageCounter> changed = Arrays.stream(UsageCounter.values())
                .filter(changes::containsKey)
                .toList();
        JdbcClient.StatementSpec statement = jdbc.sql("insert into workspace_usage (workspace, name, value) values "
                + "(?, ?, ?), ".repeat(changed.size() - 1)
                + "(?, ?, ?) on conflict (workspace, name) do update set value = workspace_usage.value + excluded.value"
                + " returning name, value");
        for (UsageCounter counter : changed) {
            statement = statement.param(workspace.value()).param(counter.key()).param(changes.get(counter));
        }
        return values(statement);
    }

    /** Reads counters; one that was never changed, or that is not asked for, is 0. */
    public ToLongFunction<UsageCounter> read(JdbcClient jdbc, WorkspaceId workspace, UsageCounter... counters) {
        List<String> names = new ArrayList<>(counters.length);
        for (UsageCounter counter : counters) {
            names.add(counter.key());
        }
        return values(
                jdbc.sql("select name, value from workspace_usage where workspace = :workspace and name in (:names)")
                        .param("workspace", workspace.value())
                        .param("names", names));
    }

    /**
     * Checks a count against its limit.
     *
     * @param count with what is being added
     * @throws ProblemException {@code limit_reached}
     */
    public void check(WorkspaceLimit limit, long count) {
        long allowed = limit.of(settings);
        if (count > allowed) {
            reached(limit).increment();
            throw new ProblemException(
                    ErrorCode.LIMIT_REACHED, limit.detail(allowed), Map.of("setting", limit.setting()));
        }
    }

    /**
     * Checks rows without a counter, because they rarely change, against their limit before one more is added. Counts
     * no further than the limit.
     *
     * @param rows a table and a condition, with {@code params}
     * @throws ProblemException {@code limit_reached}
     */
    public void checkRoom(JdbcClient jdbc, WorkspaceLimit limit, String rows, Object... params) {
        check(limit, count(jdbc, limit, rows, params) + 1);
    }

    /** The number of rows as {@link #checkRoom} counts them, at most the limit. */
    public long count(JdbcClient jdbc, WorkspaceLimit limit, String rows, Object... params) {
        JdbcClient.StatementSpec statement =
                jdbc.sql("select count(*) from (select 1 from " + rows + " limit ?) as bounded");
        for (Object param : params) {
            statement = statement.param(param);
        }
        return statement.param(limit.of(settings)).query(Long.class).single();
    }

    /** How much a limit allows. */
    public long limit(WorkspaceLimit limit) {
        return limit.of(settings);
    }

    private Counter reached(WorkspaceLimit limit) {
        return registry.counter("heliograph.limits.reached", "limit", limit.metric());
    }

    private static ToLongFunction<UsageCounter> values(JdbcClient.StatementSpec statement) {
        Map<String, Long> values = new HashMap<>();
        statement.query(row -> {
            values.put(row.getString(1), row.getLong(2));
        });
        return counter -> values.getOrDefault(counter.key(), 0L);
    }
}
