package io.heliograph.server.publishing;

import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The SQL of {@code published_event}: which event ids are known, with a digest of what was published under them. Ids belong
 * to their publisher. Stateless; runs in the connection that it is given.
 */
final class PublishedEventStore {
    /** Names a row in its workspace: no publisher's id has a space. */
    static final String ROW_ID = "publisher || ' ' || event_id";

    private PublishedEventStore() {}

    record Known(PublishedEvent event, String digest) {}

    /** An id in its workspace. */
    record Id(WorkspaceId workspace, String publisher, String eventId) {}

    /** Empty when the id is unknown, or was used before {@code since}. */
    static Optional<Known> find(JdbcClient jdbc, Id id, Instant since) {
        return jdbc.sql("select id, log_offset, log_cursor, digest from published_event"
                        + " where workspace = ? and publisher = ? and event_id = ? and created_at >= ?")
                .params(id.workspace().value(), id.publisher(), id.eventId(), since.toEpochMilli())
                .query((row, _) -> new Known(
                        new PublishedEvent(
                                row.getString(1), Optional.of(id.eventId()), row.getLong(2), row.getString(3)),
                        row.getString(4)))
                .optional();
    }

    /** Adds the id, or replaces one that is too old to count. */
    static void put(JdbcClient jdbc, Id id, Known known, Instant now) {
        jdbc.sql("""
                        insert into published_event
                          (workspace, publisher, event_id, digest, id, log_offset, log_cursor, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        on conflict (workspace, publisher, event_id) do update set
                          digest = excluded.digest, id = excluded.id, log_offset = excluded.log_offset,
                          log_cursor = excluded.log_cursor, created_at = excluded.created_at
                        """)
                .params(
                        id.workspace().value(),
                        id.publisher(),
                        id.eventId(),
                        known.digest(),
                        known.event().id(),
                        known.event().offset(),
                        known.event().cursor(),
                        now.toEpochMilli())
                .update();
    }

    /** Removes the rows that {@link #ROW_ID} names; returns how many. */
    static int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> rowIds) {
        int removed = 0;
        for (String rowId : rowIds) {
            int space = rowId.indexOf(' ');
            removed += jdbc.sql("delete from published_event where workspace = ? and publisher = ? and event_id = ?")
                    .params(workspace.value(), rowId.substring(0, space), rowId.substring(space + 1))
                    .update();
        }
        return removed;
    }
}
