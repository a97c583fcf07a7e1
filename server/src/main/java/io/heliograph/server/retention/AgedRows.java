package io.heliograph.server.retention;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.deadlines.DueWork;
import io.heliograph.server.sql.Sql;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Removes rows of one table when the time in a column is older than {@code maxAge}; never, when that is 0. The table
 * has a column {@code workspace}, and an index that begins with the time.
 *
 * @param rows as {@link RetentionTask#rows}
 * @param id the SQL expression that names a row in its workspace
 * @param column epoch milliseconds
 */
public record AgedRows(String rows, String table, String id, String column, Duration maxAge) {

    /** Rows that are named by their column {@code id}. */
    public AgedRows(String rows, String table, String column, Duration maxAge) {
        this(rows, table, "id", column, maxAge);
    }

    /** Removes rows of a workspace within its transaction; returns the number removed. */
    @FunctionalInterface
    public interface Removal {
        int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids);
    }

    private record Row(WorkspaceId workspace, String id) {}

    /** Finds rows with {@code jdbc}, and removes those of each workspace in a transaction of it. */
    public RetentionTask removedBy(EventLog log, JdbcClient jdbc, Clock clock, Removal removal) {
        return RetentionTask.of(rows, () -> {
            if (maxAge.isZero()) {
                return 0;
            }
            long before = clock.instant().minus(maxAge).toEpochMilli();
            return DueWork.run(
                    RetentionTask.STEP,
                    (limit, skip) -> due(jdbc, before, limit, skip),
                    Row::workspace,
                    (workspace, due) -> log.write(
                            workspace,
                            transaction -> removal.remove(
                                    Sql.in(transaction),
                                    workspace,
                                    due.stream().map(Row::id).toList())));
        });
    }

    private List<Row> due(JdbcClient jdbc, long before, int limit, int skip) {
        return jdbc.sql("select workspace, " + id + " from " + table + " where " + column + " < ? order by " + column
                        + " limit ? offset ?")
                .params(before, limit, skip)
                .query((row, _) -> new Row(new WorkspaceId(row.getString(1)), row.getString(2)))
                .list();
    }
}
