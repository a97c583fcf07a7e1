package io.heliograph.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Many rows in the SQLite file of a server that is running and idle: copies of a few that the server itself has written,
 * with ids of their own.
 */
final class LargeData {
    /** Rows of one transaction: the server may have something to write in between. */
    private static final int BATCH = 20_000;

    private static final String SERIES = "(with recursive series(n) as"
            + " (select ? union all select n + 1 from series where n < ?) select n from series)";

    private LargeData() {}

    /**
     * How many rows there are.
     *
     * @param pending approvals; as many notifications are unread
     * @param decided approvals
     */
    record Size(int pending, int decided) {}

    /** Copies approvals of ours, and the notification of the pending one. The counters have to be counted anew. */
    static void ours(Path folder, Service.Pending pending, Service.Pending decided, Size size) {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("heliograph.db"))) {
            Map<String, String> approval = Map.of("id", ourId("id"), "idempotency_key", "idempotency_key || n");
            copy(database, "approval", "id", pending, size.pending(), approval);
            copy(database, "approval", "id", decided, size.decided(), approval);
            copy(
                    database,
                    "notification_body",
                    "subject_id",
                    pending,
                    size.pending(),
                    Map.of("id", ourId("id"), "subject_id", ourId("subject_id")));
            copy(
                    database,
                    "member_notification",
                    "dedupe_key",
                    new Service.Pending("approval.requested:" + pending.id(), ""),
                    size.pending(),
                    Map.of("id", ourId("id"), "body_id", ourId("body_id"), "dedupe_key", "dedupe_key || n"));
        } catch (SQLException e) {
            throw new PeerFaultException("the rows were not written: " + e.getMessage(), e);
        }
    }

    /** Copies approvals of the Node service, and the notification of the pending one. */
    static void node(Path folder, Service.Pending pending, Service.Pending decided, Size size) {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("peer.db"))) {
            copy(database, "approval", "id", pending, size.pending(), Map.of("id", nodeId("id")));
            copy(database, "approval", "id", decided, size.decided(), Map.of("id", nodeId("id")));
            copy(
                    database,
                    "notification",
                    "subject",
                    pending,
                    size.pending(),
                    Map.of("id", nodeId("id"), "subject", nodeId("subject")));
            try (PreparedStatement count = database.prepareStatement(
                    "update counter set value = value + ? where name in ('pending', 'unread')")) {
                count.setInt(1, size.pending());
                count.executeUpdate();
            }
        } catch (SQLException e) {
            throw new PeerFaultException("the rows were not written: " + e.getMessage(), e);
        }
    }

    /** Keeps the time at the beginning of an id, by which lists are sorted. */
    private static String ourId(String column) {
        return "substr(" + column + ", 1, 14) || printf('%016d', n)";
    }

    private static String nodeId(String column) {
        return "substr(" + column + ", 1, 16) || printf('%036d', n)";
    }

    /** Copies the row whose {@code key} is the approval's id. */
    private static void copy(
            Connection database, String table, String key, Service.Pending row, int count, Map<String, String> changed)
            throws SQLException {
        List<String> columns = columns(database, table);
        String values = columns.stream()
                .map(column -> changed.getOrDefault(column, column))
                .collect(Collectors.joining(", "));
        String sql = "insert into " + table + " (" + String.join(", ", columns) + ") select " + values + " from "
                + table + ", " + SERIES + " where " + key + " = ?";
        try (PreparedStatement insert = database.prepareStatement(sql)) {
            for (int from = 1; from <= count; from += BATCH) {
                int to = Math.min(count, from + BATCH - 1);
                insert.setInt(1, from);
                insert.setInt(2, to);
                insert.setString(3, row.id());
                if (insert.executeUpdate() != to - from + 1) {
                    throw new PeerFaultException("there is no row of " + row.id() + " in " + table);
                }
            }
        }
    }

    private static List<String> columns(Connection database, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet rows = database.getMetaData().getColumns(null, null, table, null)) {
            while (rows.next()) {
                columns.add(rows.getString("COLUMN_NAME"));
            }
        }
        return columns;
    }
}
