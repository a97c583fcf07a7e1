package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of {@code log_event} and {@code log_shared}, one text for SQLite and PostgreSQL: appends events, reads them, and
 * removes those that retention does not keep. It opens no transaction: the caller owns the connection. The tables are
 * described in {@code migration/V1__event_log.sql} and {@code V2__shared_payloads.sql}.
 *
 * <p>A template that several events of one transaction have is one row of {@code log_shared}; their rows have their own
 * values only. See {@link SharedPayload} for rows of earlier versions.
 *
 * <p>Safe from any thread, each with its own connection.
 */
final class EventTable {
    private static final int FETCH_ROWS = 100;

    private static final String INSERT =
            "insert into log_event (workspace, life, log_offset, at, id, type, member, topic, conflation, payload,"
                    + " shared) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_SHARED =
            "insert into log_shared (workspace, life, last_offset, payload) values (?, ?, ?, ?)";
    private static final String AFTER =
            "select h.epoch, e.log_offset, e.at, e.id, e.type, e.member, e.topic, e.conflation, e.payload,"
                    + " e.shared, s.payload from log_head h join log_event e on e.workspace = h.workspace and e.life = h.life"
                    + " left join log_shared s on s.workspace = e.workspace and s.life = e.life and s.last_offset = e.shared"
                    + " where h.workspace = ? and e.log_offset > ? order by e.log_offset limit ?";
    private static final String SUCCESSORS =
            "select e.log_offset, (select min(n.log_offset) from log_event n where n.workspace = e.workspace"
                    + " and n.life = e.life and n.conflation = e.conflation and n.log_offset > e.log_offset)"
                    + " from log_head h join log_event e on e.workspace = h.workspace and e.life = h.life"
                    + " where h.workspace = ? and e.log_offset between ? and ? and e.conflation is not null";
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

    private final String insertSql;
    private final String insertSharedSql;
    private final String afterSql;
    private final String successorsSql;
    private final String expiredSql;
    private final String earlierGenerationsSql;
    private final String removeSql;
    private final String removeSharedSql;

    /** The events up to an offset in one generation of a workspace's log. */
    record OffsetRange(long generation, long upTo) {}

    EventTable(TablePrefix prefix) {
        insertSql = prefix.in(INSERT);
        insertSharedSql = prefix.in(INSERT_SHARED);
        afterSql = prefix.in(AFTER);
        successorsSql = prefix.in(SUCCESSORS);
        expiredSql = prefix.in(EXPIRED);
        earlierGenerationsSql = prefix.in(EARLIER_GENERATIONS);
        removeSql = prefix.in(REMOVE);
        removeSharedSql = prefix.in(REMOVE_SHARED);
    }

    void insert(Connection connection, long generation, List<Event> events) throws SQLException {
        Map<EnvelopeTemplate, Long> templates = sharedTemplates(events);
        if (!templates.isEmpty()) {
            insertShared(connection, events.getFirst().workspace(), generation, templates);
        }
        try (PreparedStatement insert = connection.prepareStatement(insertSql)) {
            for (Event event : events) {
                insert.setString(1, event.workspace().value());
                insert.setLong(2, generation);
                insert.setLong(3, event.offset());
                insert.setLong(4, event.position().at().toEpochMilli());
                insert.setString(5, event.id());
                insert.setString(6, event.type());
                setNullable(insert, 7, memberOf(event.audience()));
                setNullable(insert, 8, event.topic().orElse(null));
                setNullable(
                        insert,
                        9,
                        event.conflationKey().map(ConflationKey::value).orElse(null));
                Optional<Long> shared = event.payload().template().map(templates::get);
                if (shared.isPresent()) {
                    insert.setBytes(10, event.payload().values());
                    insert.setLong(11, shared.get());
                } else {
                    insert.setBytes(10, event.payload().bytes());
                    insert.setNull(11, Types.BIGINT);
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The templates of several events, each with the offset of the last of them. A row for one event saves nothing. */
    private static Map<EnvelopeTemplate, Long> sharedTemplates(List<Event> events) {
        Set<EnvelopeTemplate> seen = new HashSet<>();
        Map<EnvelopeTemplate, Long> last = new LinkedHashMap<>();
        for (Event event : events) {
            event.payload().template().ifPresent(template -> {
                if (!seen.add(template)) {
                    last.put(template, event.offset());
                }
            });
        }
        return last;
    }

    private void insertShared(
            Connection connection, WorkspaceId workspace, long generation, Map<EnvelopeTemplate, Long> templates)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(insertSharedSql)) {
            for (Map.Entry<EnvelopeTemplate, Long> template : templates.entrySet()) {
                insert.setString(1, workspace.value());
                insert.setLong(2, generation);
                insert.setLong(3, template.getValue());
                insert.setBytes(4, template.getKey().text());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** At most {@code limit} events; the page ends early with the event that takes it past {@code maxBytes}. */
    List<Event> after(Connection connection, WorkspaceId workspace, long offset, int limit, int maxBytes)
            throws SQLException {
        List<Event> events = new ArrayList<>(Math.min(limit, FETCH_ROWS));
        try (PreparedStatement select = connection.prepareStatement(afterSql)) {
            select.setFetchSize(FETCH_ROWS);
            select.setString(1, workspace.value());
            select.setLong(2, offset);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                Map<Long, SharedPayload> shared = new HashMap<>();
                long bytes = 0;
                while (bytes <= maxBytes && rows.next()) {
                    Event event = event(workspace, rows, shared);
                    bytes += event.payload().length();
                    events.add(event);
                }
            }
        }
        return events;
    }

    /**
     * For each event from {@code first} to {@code last} that has a conflation key and a later event with the same: its
     * offset, and that of the next one.
     */
    Map<Long, Long> successors(Connection connection, WorkspaceId workspace, long first, long last)
            throws SQLException {
        Map<Long, Long> successors = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(successorsSql)) {
            select.setString(1, workspace.value());
            select.setLong(2, first);
            select.setLong(3, last);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    long next = rows.getLong(2);
                    if (!rows.wasNull()) {
                        successors.put(rows.getLong(1), next);
                    }
                }
            }
        }
        return successors;
    }

    /** The next events to remove, at most {@code limit}: those of earlier generations first, then the oldest of this one. */
    Optional<OffsetRange> expired(Connection connection, WorkspaceId workspace, HeadTable.Row head, Retention retention)
            throws SQLException {
        Optional<OffsetRange> earlierGenerations = earlierGenerations(connection, workspace, head, retention.step());
        if (earlierGenerations.isPresent()) {
            return earlierGenerations;
        }
        try (PreparedStatement select = connection.prepareStatement(expiredSql)) {
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

    private Optional<OffsetRange> earlierGenerations(
            Connection connection, WorkspaceId workspace, HeadTable.Row head, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(earlierGenerationsSql)) {
            select.setString(1, workspace.value());
            select.setLong(2, head.generation());
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new OffsetRange(rows.getLong(1), rows.getLong(2))) : Optional.empty();
            }
        }
    }

    /** Removes the events; returns how many they were. */
    int remove(Connection connection, WorkspaceId workspace, OffsetRange range) throws SQLException {
        int removed;
        try (PreparedStatement delete = connection.prepareStatement(removeSql)) {
            delete.setString(1, workspace.value());
            delete.setLong(2, range.generation());
            delete.setLong(3, range.upTo());
            removed = delete.executeUpdate();
        }
        try (PreparedStatement delete = connection.prepareStatement(removeSharedSql)) {
            delete.setString(1, workspace.value());
            delete.setLong(2, range.generation());
            delete.setLong(3, range.upTo());
            delete.executeUpdate();
        }
        return removed;
    }

    /** The event of a row; {@code known} are the rows of {@code log_shared} that this page has read, by their offset. */
    private static Event event(WorkspaceId workspace, ResultSet rows, Map<Long, SharedPayload> known)
            throws SQLException {
        long offset = rows.getLong(2);
        String id = rows.getString(4);
        String member = rows.getString(6);
        return new Event(
                workspace,
                new Position(rows.getString(1), offset, Instant.ofEpochMilli(rows.getLong(3))),
                id,
                rows.getString(5),
                member == null ? Audience.EVERYONE : Audience.member(member),
                Optional.ofNullable(rows.getString(7)),
                Optional.ofNullable(rows.getString(8)).map(ConflationKey::new),
                payload(id, offset, rows, known));
    }

    private static Payload payload(String id, long offset, ResultSet rows, Map<Long, SharedPayload> known)
            throws SQLException {
        byte[] own = rows.getBytes(9);
        long lastOffset = rows.getLong(10);
        if (rows.wasNull()) {
            return Payload.of(own);
        }
        SharedPayload shared = known.get(lastOffset);
        if (shared == null) {
            byte[] stored = rows.getBytes(11);
            if (stored == null) {
                throw new EventLogException(
                        "event " + id + " at offset " + offset + " is stored with what it shares with"
                                + " others up to offset " + lastOffset + ", and that is missing");
            }
            shared = SharedPayload.of(stored);
            known.put(lastOffset, shared);
        }
        return shared.payload(id, offset, own);
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
