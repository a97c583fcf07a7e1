package io.heliograph.server.approvals;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.AgentId;
import io.heliograph.server.events.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The approvals of a time, in SQL: when they were created and how they ended. Follows the indices that lists have, the
 * newest first, and looks at a limited number of rows. Stateless; runs in the connection that it is given.
 */
public final class DecisionHistory {
    private static final int FETCH_SIZE = 1_000;

    private DecisionHistory() {}

    /** How an approval ended. */
    public enum End {
        APPROVED,
        REJECTED,
        RESPONDED,
        EXPIRED,
        CANCELLED;

        /** Whether it was decided: neither past its deadline nor taken back. */
        public boolean isDecision() {
            return this != EXPIRED && this != CANCELLED;
        }
    }

    /**
     * An approval that is not pending any more.
     *
     * @param atMillis when it ended, in epoch milliseconds
     * @param pendingMillis how long it was pending
     * @param edited whether it was approved with other args
     * @param byMember whether a member ended it
     */
    public record Ended(long atMillis, long pendingMillis, End end, boolean edited, boolean byMember) {}

    /**
     * Everything at {@code fromMillis} or later, in no order. Immutable.
     *
     * @param fromMillis later than what was asked for when there were too many rows
     */
    public record Past<T>(List<T> items, long fromMillis) {
        public Past {
            items = List.copyOf(items);
        }
    }

    /** Approvals that ended in a time, of one agent or of all; {@code maxRows} counts those of all agents. */
    public static Past<Ended> ended(
            JdbcClient jdbc, WorkspaceId workspace, Optional<AgentId> agent, Instant from, Instant to, int maxRows) {
        return jdbc.sql("select resolved_at, created_at, status, outcome, edited, resolved_by, agent_id from approval"
                        + " where workspace = ? and resolved_at >= ? and resolved_at < ?"
                        + " order by resolved_at desc, id desc limit ?")
                .params(workspace.value(), from.toEpochMilli(), to.toEpochMilli(), maxRows + 1)
                .withFetchSize(FETCH_SIZE)
                .query(past(from, maxRows, (row, _) -> {
                    boolean wanted = agent.isEmpty() || agent.get().value().equals(row.getString(7));
                    return new Row<>(row.getLong(1), wanted ? Optional.of(ended(row)) : Optional.empty());
                }));
    }

    /** When approvals were created in a time, in epoch milliseconds, of one agent or of all. */
    public static Past<Long> created(
            JdbcClient jdbc, WorkspaceId workspace, Optional<AgentId> agent, Instant from, Instant to, int maxRows) {
        return jdbc.sql("select id from approval where workspace = :workspace"
                        + (agent.isPresent() ? " and agent_id = :agent" : "")
                        + " and id >= :from and id < :to order by id desc limit :rows")
                .param("workspace", workspace.value())
                .param("agent", agent.map(AgentId::value).orElse(""))
                .param("from", Ids.first("apr", from))
                .param("to", Ids.first("apr", to))
                .param("rows", maxRows + 1)
                .withFetchSize(FETCH_SIZE)
                .query(past(from, maxRows, (row, _) -> {
                    long millis = Ids.millis(row.getString(1));
                    return new Row<>(millis, Optional.of(millis));
                }));
    }

    /** A row that was looked at; without an item when it is another agent's. */
    private record Row<T>(long atMillis, Optional<T> item) {}

    /** Reads rows from the newest to the oldest. Those of the millisecond in which the limit is reached are left out. */
    private static <T> ResultSetExtractor<Past<T>> past(Instant from, int maxRows, RowMapper<Row<T>> mapper) {
        return result -> {
            List<Row<T>> rows = new ArrayList<>();
            long begin = from.toEpochMilli();
            while (result.next()) {
                Row<T> row = mapper.mapRow(result, rows.size());
                if (rows.size() == maxRows) {
                    begin = row.atMillis() + 1;
                    break;
                }
                rows.add(row);
            }
            long first = begin;
            return new Past<>(
                    rows.stream()
                            .filter(row -> row.atMillis() >= first)
                            .flatMap(row -> row.item().stream())
                            .toList(),
                    first);
        };
    }

    private static Ended ended(ResultSet row) throws SQLException {
        long at = row.getLong(1);
        return new Ended(
                at,
                Math.max(0, at - row.getLong(2)),
                End.valueOf(Optional.ofNullable(row.getString(4))
                        .orElse(row.getString(3))
                        .toUpperCase(Locale.ROOT)),
                row.getInt(5) == 1,
                Optional.ofNullable(row.getString(6)).orElse("").startsWith("mem_"));
    }
}
