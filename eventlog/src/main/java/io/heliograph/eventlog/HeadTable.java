package io.heliograph.eventlog;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The SQL of {@code log_head}, one text for SQLite and PostgreSQL: one row for each workspace that has a log, with its
 * epoch, its ends and the time of the newest event. A transaction that appends locks the row and takes the next offsets. It
 * opens no transaction: the caller owns the connection. The tables are described in {@code migration/V1__event_log.sql}.
 *
 * <p>A generation (column {@code life}) tells the rows of a log from those of the logs that were reset before it.
 *
 * <p>Safe from any thread, each with its own connection.
 */
final class HeadTable {
    private static final int HEADS_PER_QUERY = 500;
    private static final int EPOCH_LENGTH = 10;

    private static final String CREATE =
            "insert into log_head (workspace, epoch, life, head, oldest, last_id, last_at) values (?, ?, 1, 0, 1, '', 0)"
                    + " on conflict (workspace) do nothing";
    private static final String ADVANCE = "update log_head set head = head + ?, last_id = ?,"
            + " last_at = case when last_at > ? then last_at else ? end"
            + " where workspace = ? returning epoch, life, head, last_at";
    private static final String RAISE_OLDEST =
            "update log_head set oldest = ? where workspace = ? and life = ? and oldest < ?";
    private static final String HEADS =
            "select workspace, epoch, head, oldest, last_id from log_head where workspace in (";
    private static final String OWNER = "select workspace from log_head where epoch = ?";
    private static final String WORKSPACES =
            "select workspace from log_head where workspace > ? order by workspace limit ?";
    private static final String RESET = "update log_head set epoch = ?, life = life + 1, head = 0, oldest = 1,"
            + " last_id = '' where workspace = ?";
    private static final String NEW_EPOCH = "update log_head set epoch = ? where workspace = ?";

    private final Dialect dialect;
    private final String headSql;
    private final Optional<String> lockHeadSql;
    private final String createSql;
    private final String advanceSql;
    private final String raiseOldestSql;
    private final String headsSql;
    private final String ownerSql;
    private final String workspacesSql;
    private final String resetSql;
    private final String newEpochSql;
    private final SecureRandom random = new SecureRandom();

    HeadTable(Dialect dialect, TablePrefix prefix) {
        this.dialect = dialect;
        headSql = prefix.in("select epoch, life, head, oldest, last_id, last_at, " + dialect.now()
                + " from log_head where workspace = ?");
        lockHeadSql = dialect.lockHead().map(prefix::in);
        createSql = prefix.in(CREATE);
        advanceSql = prefix.in(ADVANCE);
        raiseOldestSql = prefix.in(RAISE_OLDEST);
        headsSql = prefix.in(HEADS);
        ownerSql = prefix.in(OWNER);
        workspacesSql = prefix.in(WORKSPACES);
        resetSql = prefix.in(RESET);
        newEpochSql = prefix.in(NEW_EPOCH);
    }

    /**
     * One workspace's head row, and the database's time when it was read.
     *
     * @param now epoch milliseconds, never before {@code lastAt}
     */
    record Row(String epoch, long generation, long head, long oldest, String lastId, long lastAt, long now) {
        Cursor cursor() {
            return Cursor.at(epoch, head, lastId);
        }

        Head ends() {
            return new Head(cursor(), oldest);
        }
    }

    /** The offsets of one transaction's events, up to and including {@code last}. */
    record OffsetAllocation(String epoch, long generation, long last, long at) {}

    Optional<Row> head(Connection connection, WorkspaceId workspace) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(headSql)) {
            int index = 1;
            if (dialect.clock().isPresent()) {
                select.setLong(index++, dialect.clock().get().millis());
            }
            select.setString(index, workspace.value());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    /**
     * The head row, which is created when there is none. From here to the transaction's end the workspace's commands on
     * other nodes wait: what this one reads, such as a count, is still so when its events get their offsets.
     */
    Row headOrCreate(Connection connection, WorkspaceId workspace) throws SQLException {
        lockHead(connection, workspace);
        Optional<Row> found = head(connection, workspace);
        if (found.isPresent()) {
            return found.get();
        }
        try (PreparedStatement insert = connection.prepareStatement(createSql)) {
            insert.setString(1, workspace.value());
            insert.setString(2, randomEpoch());
            insert.executeUpdate();
        }
        lockHead(connection, workspace);
        return head(connection, workspace)
                .orElseThrow(() -> new EventLogException("the head row of workspace " + workspace + " vanished"));
    }

    private void lockHead(Connection connection, WorkspaceId workspace) throws SQLException {
        if (lockHeadSql.isPresent()) {
            try (PreparedStatement lock = connection.prepareStatement(lockHeadSql.get())) {
                lock.setString(1, workspace.value());
                lock.executeQuery().close();
            }
        }
    }

    /** Takes the head row, until the end of the transaction, and {@code count} offsets in the log. */
    OffsetAllocation advance(Connection connection, WorkspaceId workspace, int count, String lastId, long now)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(advanceSql)) {
            update.setLong(1, count);
            update.setString(2, lastId);
            update.setLong(3, now);
            update.setLong(4, now);
            update.setString(5, workspace.value());
            try (ResultSet rows = update.executeQuery()) {
                if (!rows.next()) {
                    throw new EventLogException("the head row of workspace " + workspace + " vanished");
                }
                return new OffsetAllocation(rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4));
            }
        }
    }

    /** Lets the log of that generation begin after an offset, when it began earlier. */
    void raiseOldest(Connection connection, WorkspaceId workspace, long generation, long removedUpTo)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(raiseOldestSql)) {
            update.setLong(1, removedUpTo + 1);
            update.setString(2, workspace.value());
            update.setLong(3, generation);
            update.setLong(4, removedUpTo + 1);
            update.executeUpdate();
        }
    }

    Map<WorkspaceId, Head> heads(Connection connection, Collection<WorkspaceId> workspaces) throws SQLException {
        Map<WorkspaceId, Head> heads = HashMap.newHashMap(workspaces.size());
        List<WorkspaceId> all = List.copyOf(workspaces);
        for (int from = 0; from < all.size(); from += HEADS_PER_QUERY) {
            readHeads(connection, all.subList(from, Math.min(all.size(), from + HEADS_PER_QUERY)), heads);
        }
        return heads;
    }

    private void readHeads(Connection connection, List<WorkspaceId> some, Map<WorkspaceId, Head> heads)
            throws SQLException {
        String sql = headsSql + "?, ".repeat(some.size() - 1) + "?)";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < some.size(); i++) {
                select.setString(i + 1, some.get(i).value());
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Cursor newest = Cursor.at(rows.getString(2), rows.getLong(3), rows.getString(5));
                    heads.put(new WorkspaceId(rows.getString(1)), new Head(newest, rows.getLong(4)));
                }
            }
        }
    }

    Optional<WorkspaceId> owner(Connection connection, String epoch) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ownerSql)) {
            select.setString(1, epoch);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new WorkspaceId(rows.getString(1))) : Optional.empty();
            }
        }
    }

    /** The workspaces that have a log, in the order of their ids, after {@code last}. */
    List<WorkspaceId> workspaces(Connection connection, String last, int limit) throws SQLException {
        List<WorkspaceId> workspaces = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(workspacesSql)) {
            select.setString(1, last);
            select.setInt(2, limit);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    workspaces.add(new WorkspaceId(rows.getString(1)));
                }
            }
        }
        return workspaces;
    }

    void reset(Connection connection, WorkspaceId workspace) throws SQLException {
        changeEpoch(connection, workspace, resetSql);
    }

    void newEpoch(Connection connection, WorkspaceId workspace) throws SQLException {
        changeEpoch(connection, workspace, newEpochSql);
    }

    private void changeEpoch(Connection connection, WorkspaceId workspace, String sql) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, randomEpoch());
            update.setString(2, workspace.value());
            update.executeUpdate();
        }
    }

    /** Lower-case base36, so long that two logs never share one. */
    String randomEpoch() {
        StringBuilder epoch = new StringBuilder(EPOCH_LENGTH);
        for (int i = 0; i < EPOCH_LENGTH; i++) {
            epoch.append(Character.forDigit(random.nextInt(Character.MAX_RADIX), Character.MAX_RADIX));
        }
        return epoch.toString();
    }

    private static Row row(ResultSet rows) throws SQLException {
        long lastAt = rows.getLong(6);
        return new Row(
                rows.getString(1),
                rows.getLong(2),
                rows.getLong(3),
                rows.getLong(4),
                rows.getString(5),
                lastAt,
                Math.max(lastAt, rows.getLong(7)));
    }
}
