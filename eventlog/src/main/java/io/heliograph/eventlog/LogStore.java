package io.heliograph.eventlog;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All SQL of the log, one text for SQLite and PostgreSQL. It keeps nothing between calls and opens no transaction: the
 * caller owns the connection. The tables are described in {@code migration/V1__event_log.sql}.
 *
 * <p>A generation (column {@code life}) tells the rows of a log from those of the logs that were reset before it.
 *
 * <p>Safe from any thread, each with its own connection.
 */
final class LogStore {
    private static final int HEADS_PER_QUERY = 500;
    private static final int FETCH_ROWS = 100;
    private static final int EPOCH_LENGTH = 10;

    private static final String CREATE =
            "insert into log_head (workspace, epoch, life, head, oldest, last_id, last_at) values (?, ?, 1, 0, 1, '', 0)"
                    + " on conflict (workspace) do nothing";
    private static final String ADVANCE = "update log_head set head = head + ?, last_id = ?,"
            + " last_at = case when last_at > ? then last_at else ? end"
            + " where workspace = ? returning epoch, life, head, last_at";
    private static final String INSERT =
            "insert into log_event (workspace, life, log_offset, at, id, type, member, topic, payload, shared)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_SHARED =
            "insert into log_shared (workspace, life, last_offset, payload) values (?, ?, ?, ?)";
    private static final String AFTER =
            "select h.epoch, e.log_offset, e.at, e.id, e.type, e.member, e.topic, e.payload,"
                    + " s.payload from log_head h join log_event e on e.workspace = h.workspace and e.life = h.life"
                    + " left join log_shared s on s.workspace = e.workspace and s.life = e.life and s.last_offset = e.shared"
                    + " where h.workspace = ? and e.log_offset > ? order by e.log_offset limit ?";
    private static final String HEADS =
            "select workspace, epoch, head, oldest, last_id from log_head where workspace in (";
    private static final String OWNER = "select workspace from log_head where epoch = ?";

    private static final String RESET = "update log_head set epoch = ?, life = life + 1, head = 0, oldest = 1,"
            + " last_id = '' where workspace = ?";
    private static final String NEW_EPOCH = "update log_head set epoch = ? where workspace = ?";
    private static final String WORKSPACES =
            "select workspace from log_head where workspace > ? order by workspace limit ?";
    private static final String EXPIRED = "select max(log_offset) from (select log_offset, at from log_event"
            + " where workspace = ? and life = ? order by log_offset limit ?) as oldest_rows"
            + " where at < ? or log_offset <= ?";
    private static final String EARLIER_GENERATIONS =
            "select life, max(log_offset) from (select life, log_offset from log_event"
                    + " where workspace = ? and life < ? order by life, log_offset limit ?) as former_rows"
                    + " group by life order by life limit 1";
    private static final String REMOVE = "delete from log_event where workspace = ? and life = ? and log_offset <= ?";
    private static final String REMOVE_SHARED =
            "delete from log_shared where workspace = ? and life = ? and last_offset <= ?";
    private static final String RAISE_OLDEST =
            "update log_head set oldest = ? where workspace = ? and life = ? and oldest < ?";

    private final Dialect dialect;
    private final String headSql;
    private final SecureRandom random = new SecureRandom();

    LogStore(Dialect dialect) {
        this.dialect = dialect;
        this.headSql = "select epoch, life, head, oldest, last_id, last_at, " + dialect.now()
                + " from log_head where workspace = ?";
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

    /** The allocated that one transaction's events have got: the offsets up to and including {@code last}. */
    record OffsetAllocation(String epoch, long generation, long last, long at) {}

    /** Makes the connection's open transaction one that sees a single snapshot. */
    void beginRead(Connection connection) throws SQLException {
        if (dialect.beginRead().isPresent()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(dialect.beginRead().get());
            }
        }
    }

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
     * other nodes wait: what this one reads, such as a count, is still so when its events get their allocated.
     */
    Row headOrCreate(Connection connection, WorkspaceId workspace) throws SQLException {
        lockHead(connection, workspace);
        Optional<Row> found = head(connection, workspace);
        if (found.isPresent()) {
            return found.get();
        }
        try (PreparedStatement insert = connection.prepareStatement(CREATE)) {
            insert.setString(1, workspace.value());
            insert.setString(2, randomEpoch());
            insert.executeUpdate();
        }
        lockHead(connection, workspace);
        return head(connection, workspace)
                .orElseThrow(() -> new EventLogException("the head row of workspace " + workspace + " vanished"));
    }

    private void lockHead(Connection connection, WorkspaceId workspace) throws SQLException {
        if (dialect.lockHead().isPresent()) {
            try (PreparedStatement lock =
                    connection.prepareStatement(dialect.lockHead().get())) {
                lock.setString(1, workspace.value());
                lock.executeQuery().close();
            }
        }
    }

    /** Takes the head row, until the end of the transaction, and {@code count} allocated in the log. */
    OffsetAllocation advance(Connection connection, WorkspaceId workspace, int count, String lastId, long now)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ADVANCE)) {
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

    void insert(Connection connection, long generation, List<Event> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (SharedPayload.Run run : SharedPayload.runs(events)) {
                if (run.shares()) {
                    insertShared(connection, generation, run);
                }
                for (Event event : run.events()) {
                    insert.setString(1, event.workspace().value());
                    insert.setLong(2, generation);
                    insert.setLong(3, event.offset());
                    insert.setLong(4, event.position().at().toEpochMilli());
                    insert.setString(5, event.id());
                    insert.setString(6, event.type());
                    setNullable(insert, 7, memberOf(event.audience()));
                    setNullable(insert, 8, event.topic().orElse(null));
                    if (run.shares()) {
                        insert.setBytes(9, SharedPayload.deflate(event.payload(), run.payload()));
                        insert.setLong(10, run.lastOffset());
                    } else {
                        insert.setBytes(9, event.payload());
                        insert.setNull(10, Types.BIGINT);
                    }
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    private static void insertShared(Connection connection, long generation, SharedPayload.Run run)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_SHARED)) {
            insert.setString(1, run.events().getFirst().workspace().value());
            insert.setLong(2, generation);
            insert.setLong(3, run.lastOffset());
            insert.setBytes(4, run.payload());
            insert.executeUpdate();
        }
    }

    /** At most {@code limit} events; the page ends early with the event that takes it past {@code maxBytes}. */
    List<Event> after(Connection connection, WorkspaceId workspace, long offset, int limit, int maxBytes)
            throws SQLException {
        List<Event> events = new ArrayList<>(Math.min(limit, FETCH_ROWS));
        try (PreparedStatement select = connection.prepareStatement(AFTER)) {
            select.setFetchSize(FETCH_ROWS);
            select.setString(1, workspace.value());
            select.setLong(2, offset);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                long bytes = 0;
                while (bytes <= maxBytes && rows.next()) {
                    Event event = event(workspace, rows);
                    bytes += event.payload().length;
                    events.add(event);
                }
            }
        }
        return events;
    }

    Map<WorkspaceId, Head> heads(Connection connection, Collection<WorkspaceId> workspaces) throws SQLException {
        Map<WorkspaceId, Head> heads = HashMap.newHashMap(workspaces.size());
        List<WorkspaceId> all = List.copyOf(workspaces);
        for (int from = 0; from < all.size(); from += HEADS_PER_QUERY) {
            readHeads(connection, all.subList(from, Math.min(all.size(), from + HEADS_PER_QUERY)), heads);
        }
        return heads;
    }

    Optional<WorkspaceId> owner(Connection connection, String epoch) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OWNER)) {
            select.setString(1, epoch);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new WorkspaceId(rows.getString(1))) : Optional.empty();
            }
        }
    }

    /** The events up to an offset in one generation of a workspace's log. */
    record OffsetRange(long generation, long upTo) {}

    void reset(Connection connection, WorkspaceId workspace) throws SQLException {
        changeEpoch(connection, workspace, RESET);
    }

    void newEpoch(Connection connection, WorkspaceId workspace) throws SQLException {
        changeEpoch(connection, workspace, NEW_EPOCH);
    }

    /** The workspaces that have a log, in the order of their ids, after {@code last}. */
    List<WorkspaceId> workspaces(Connection connection, String last, int limit) throws SQLException {
        List<WorkspaceId> workspaces = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(WORKSPACES)) {
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

    /** The next events to remove, at most {@code limit}: those of earlier generations first, then the oldest of this one. */
    Optional<OffsetRange> expired(Connection connection, WorkspaceId workspace, Row head, Retention retention)
            throws SQLException {
        Optional<OffsetRange> earlierGenerations = earlierGenerations(connection, workspace, head, retention.step());
        if (earlierGenerations.isPresent()) {
            return earlierGenerations;
        }
        try (PreparedStatement select = connection.prepareStatement(EXPIRED)) {
            select.setString(1, workspace.value());
            select.setLong(2, head.generation());
            select.setInt(3, retention.step());
            select.setLong(4, head.now() - retention.maxAge().toMillis());
            select.setLong(5, head.head() - retention.maxEvents());
            try (ResultSet rows = select.executeQuery()) {
                long upTo = rows.next() ? rows.getLong(1) : 0;
                return upTo > 0 ? Optional.of(new OffsetRange(head.generation(), upTo)) : Optional.empty();
            }
        }
    }

    /** Removes the events, and lets the log begin after them; returns how many they were. */
    int remove(Connection connection, WorkspaceId workspace, OffsetRange range) throws SQLException {
        int removed;
        try (PreparedStatement delete = connection.prepareStatement(REMOVE)) {
            delete.setString(1, workspace.value());
            delete.setLong(2, range.generation());
            delete.setLong(3, range.upTo());
            removed = delete.executeUpdate();
        }
        try (PreparedStatement delete = connection.prepareStatement(REMOVE_SHARED)) {
            delete.setString(1, workspace.value());
            delete.setLong(2, range.generation());
            delete.setLong(3, range.upTo());
            delete.executeUpdate();
        }
        try (PreparedStatement update = connection.prepareStatement(RAISE_OLDEST)) {
            update.setLong(1, range.upTo() + 1);
            update.setString(2, workspace.value());
            update.setLong(3, range.generation());
            update.setLong(4, range.upTo() + 1);
            update.executeUpdate();
        }
        return removed;
    }

    /** Lower-case base36, so long that two logs never share one. */
    String randomEpoch() {
        StringBuilder epoch = new StringBuilder(EPOCH_LENGTH);
        for (int i = 0; i < EPOCH_LENGTH; i++) {
            epoch.append(Character.forDigit(random.nextInt(Character.MAX_RADIX), Character.MAX_RADIX));
        }
        return epoch.toString();
    }

    private static Optional<OffsetRange> earlierGenerations(
            Connection connection, WorkspaceId workspace, Row head, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(EARLIER_GENERATIONS)) {
            select.setString(1, workspace.value());
            select.setLong(2, head.generation());
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new OffsetRange(rows.getLong(1), rows.getLong(2))) : Optional.empty();
            }
        }
    }

    private void changeEpoch(Connection connection, WorkspaceId workspace, String sql) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, randomEpoch());
            update.setString(2, workspace.value());
            update.executeUpdate();
        }
    }

    private static void readHeads(Connection connection, List<WorkspaceId> some, Map<WorkspaceId, Head> heads)
            throws SQLException {
        String sql = HEADS + "?, ".repeat(some.size() - 1) + "?)";
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

    private static Event event(WorkspaceId workspace, ResultSet rows) throws SQLException {
        String member = rows.getString(6);
        byte[] payload = rows.getBytes(8);
        byte[] shared = rows.getBytes(9);
        return new Event(
                workspace,
                new Position(rows.getString(1), rows.getLong(2), Instant.ofEpochMilli(rows.getLong(3))),
                rows.getString(4),
                rows.getString(5),
                member == null ? Audience.EVERYONE : Audience.member(member),
                Optional.ofNullable(rows.getString(7)),
                shared == null ? payload : SharedPayload.inflate(payload, shared));
    }

    private static @Nullable String memberOf(Audience audience) {
        return switch (audience) {
            case Audience.Everyone everyone -> null;
            case Audience.Member member -> member.memberId();
        };
    }

    private static void setNullable(PreparedStatement statement, int index, @Nullable String value)
            throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.VARCHAR);
        } else {
            statement.setString(index, value);
        }
    }
}
