package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The tables of the log. Safe from any thread, each with its own connection. */
record LogTables(HeadTable heads, EventTable events) {

    static LogTables of(Dialect dialect, TablePrefix prefix) {
        return new LogTables(new HeadTable(dialect, prefix), new EventTable(prefix));
    }

    /**
     * Gives the drafts their offsets and inserts them: the last statements of a transaction that has locked the head row.
     *
     * @param now the time that the transaction saw, in epoch milliseconds
     */
    List<Event> append(Connection connection, WorkspaceId workspace, List<Draft> drafts, long now) throws SQLException {
        if (drafts.isEmpty()) {
            return List.of();
        }
        HeadTable.OffsetAllocation allocated = heads.advance(
                connection, workspace, drafts.size(), drafts.getLast().id(), now);
        List<Event> appended = placed(workspace, drafts, allocated);
        events.insert(connection, allocated.generation(), appended);
        return appended;
    }

    private static List<Event> placed(WorkspaceId workspace, List<Draft> drafts, HeadTable.OffsetAllocation allocated) {
        Instant at = Instant.ofEpochMilli(allocated.at());
        long offset = allocated.last() - drafts.size();
        List<Event> events = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            Position position = new Position(allocated.epoch(), ++offset, at);
            events.add(draft.placed(workspace, position));
        }
        return events;
    }
}
