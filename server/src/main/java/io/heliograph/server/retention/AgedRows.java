package io.heliograph.server.retention;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Finds rows with {@code jdbc}, and removes those of each workspace in a transaction of it. */
    public RetentionTask removedBy(EventLog log, JdbcClient jdbc, Clock clock, Removal removal) {
        return RetentionTask.of(rows, () -> {
            if (maxAge.isZero()) {
                return 0;
            }
            int removed = 0;
            long before = clock.instant().minus(maxAge).toEpochMilli();
            for (Map.Entry<WorkspaceId, List<String>> due : due(jdbc, before).entrySet()) {
                removed += log.write(
                        due.getKey(), transaction -> removal.remove(Sql.in(transaction), due.getKey(), due.getValue()));
            }
            return removed;
        });
    }

    private Map<WorkspaceId, List<String>> due(JdbcClient jdbc, long before) {
        Map<WorkspaceId, List<String>> due = new LinkedHashMap<>();
        jdbc.sql("select workspace, " + id + " from " + table + " where " + column + " < ? order by " + column
                        + " limit ?")
                .params(before, RetentionTask.STEP)
                .query((ResultSet row) -> collect(row, due));
        return due;
    }

    private static void collect(ResultSet row, Map<WorkspaceId, List<String>> due) throws SQLException {
        due.computeIfAbsent(new WorkspaceId(row.getString(1)), _ -> new ArrayList<>())
                .add(row.getString(2));
    }
}
