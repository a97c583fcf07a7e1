package io.heliograph.server.search;

import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Head;
import io.heliograph.eventlog.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How far the index of a workspace is, and the SQL of {@code search_position}. Immutable.
 *
 * @param offset the events of this epoch up to here are in the index
 * @param filledFrom documents from this id on are in the index; empty when all are
 */
record IndexPosition(String epoch, long offset, String filledFrom) {

    /** Of an index to which all documents that there are now are yet to be added. */
    static IndexPosition unfilled(Head head) {
        return new IndexPosition(head.cursor().epoch(), head.cursor().offset(), SearchCriteria.LAST);
    }

    boolean isFilled() {
        return filledFrom.isEmpty();
    }

    /** Whether the log has no event beyond this. */
    boolean isAt(Head head) {
        return isOf(head) && offset == head.cursor().offset();
    }

    /** Whether it is of the same life of the log. */
    boolean isOf(Head head) {
        Cursor cursor = head.cursor();
        return epoch.equals(cursor.epoch()) && offset <= cursor.offset();
    }

    IndexPosition at(long newOffset) {
        return new IndexPosition(epoch, newOffset, filledFrom);
    }

    IndexPosition filledFrom(String id) {
        return new IndexPosition(epoch, offset, id);
    }

    static Map<WorkspaceId, IndexPosition> all(JdbcClient jdbc) {
        Map<WorkspaceId, IndexPosition> all = new HashMap<>();
        jdbc.sql("select epoch, log_offset, filled_from, workspace from search_position")
                .query(row -> {
                    all.put(new WorkspaceId(row.getString(4)), read(row, 0));
                });
        return all;
    }

    /** The row as it is now, locked as {@code forUpdate} says; empty when another node has it. */
    static Optional<IndexPosition> lock(JdbcClient jdbc, WorkspaceId workspace, String forUpdate) {
        return jdbc.sql("select epoch, log_offset, filled_from from search_position where workspace = ?" + forUpdate)
                .param(workspace.value())
                .query(IndexPosition::read)
                .optional();
    }

    private static IndexPosition read(ResultSet row, int ignored) throws SQLException {
        return new IndexPosition(row.getString(1), row.getLong(2), row.getString(3));
    }

    /** Stores it as the first of the workspace; false when there is one. */
    boolean insert(JdbcClient jdbc, WorkspaceId workspace) {
        return jdbc.sql("insert into search_position (workspace, epoch, log_offset, filled_from) values (?, ?, ?, ?)"
                                + " on conflict do nothing")
                        .params(workspace.value(), epoch, offset, filledFrom)
                        .update()
                == 1;
    }

    void update(JdbcClient jdbc, WorkspaceId workspace) {
        jdbc.sql("update search_position set epoch = ?, log_offset = ?, filled_from = ? where workspace = ?")
                .params(epoch, offset, filledFrom, workspace.value())
                .update();
    }
}
