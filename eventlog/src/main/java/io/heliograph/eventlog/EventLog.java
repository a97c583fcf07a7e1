package io.heliograph.eventlog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The durable logs of all workspaces: the truth that every way of delivery only reads.
 *
 * <p>Safe from any thread; every method blocks on the database, so none is called on an event loop. Failures of the
 * database are thrown as {@link EventLogException}.
 */
public interface EventLog {

    /**
     * Runs a command and commits its rows together with its events. On return both are durable, and hints of the
     * events are on the bus. Commands of one workspace that wait at the same time may share one transaction.
     *
     * <p>What the command throws is thrown here. When this throws {@link EventLogException} the command has not
     * happened, unless the message says that its outcome is unknown.
     *
     * @throws Overloaded when too many commands wait; nothing has happened
     * @throws IllegalStateException when the calling thread is in a transaction of its own, as far as the log knows: the
     *     command would wait for it
     */
    <T> T write(WorkspaceId workspace, Command<T> command);

    /** Runs a query in one snapshot of the database. */
    <T> T read(WorkspaceId workspace, Query<T> query);

    /**
     * The events after {@code offset}, oldest first, at most {@code limit}, of whatever audience. A page may be
     * shorter when its payloads are large; only an empty page means that there are no more. When retention has removed
     * what came next, the page begins with the oldest event that is kept.
     */
    List<Event> after(WorkspaceId workspace, long offset, int limit);

    /**
     * For each event from offset {@code first} to {@code last} that has a conflation key and a later event with the same
     * key: its offset, and the offset of the next one.
     */
    Map<Long, Long> successors(WorkspaceId workspace, long first, long last);

    /** The heads of the given workspaces, in one query. A workspace without a log has no entry. */
    Map<WorkspaceId, Head> heads(Collection<WorkspaceId> workspaces);

    /** The head of one workspace, whose log is created when it has none yet. */
    Head open(WorkspaceId workspace);

    /** The workspace whose log has this epoch now. */
    Optional<WorkspaceId> ownerOf(String epoch);
}
