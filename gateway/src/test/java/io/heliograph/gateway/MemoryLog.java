package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Head;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Position;
import io.heliograph.eventlog.Query;
import io.heliograph.eventlog.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logs in memory, which tests append to. Safe from any thread. */
final class MemoryLog implements EventLog {
    private final Bus bus;
    /** Guarded by this. */
    private final Map<WorkspaceId, List<Event>> logs = new HashMap<>();

    MemoryLog(Bus bus) {
        this.bus = bus;
    }

    /** Appends an event whose envelope is {@code {"n":"NAME"}}, and returns its cursor. */
    Cursor append(String workspace, String name, Audience audience) {
        return append(workspace, name, audience, Optional.empty());
    }

    /** As {@link #append(String, String, Audience)}, of a topic. */
    Cursor append(String workspace, String name, Audience audience, Optional<String> topic) {
        Event event;
        synchronized (this) {
            WorkspaceId id = new WorkspaceId(workspace);
            List<Event> log = log(id);
            event = new Event(
                    id,
                    new Position(epoch(id), log.size() + 1, Instant.EPOCH),
                    "evt_" + name + "abcdef",
                    "test:" + name,
                    audience,
                    topic,
                    ("{\"n\":\"" + name + "\"}").getBytes(UTF_8));
            log.add(event);
        }
        bus.publish(new Hint(event.workspace(), event.cursor(), List.of(event)));
        return event.cursor();
    }

    @Override
    public synchronized List<Event> after(WorkspaceId workspace, long offset, int limit) {
        return log(workspace).stream()
                .filter(event -> event.offset() > offset)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Map<WorkspaceId, Head> heads(Collection<WorkspaceId> workspaces) {
        Map<WorkspaceId, Head> heads = new HashMap<>();
        workspaces.forEach(workspace -> heads.put(workspace, open(workspace)));
        return heads;
    }

    @Override
    public synchronized Head open(WorkspaceId workspace) {
        List<Event> log = log(workspace);
        Cursor head = log.isEmpty()
                ? new Cursor(epoch(workspace), 0, "")
                : log.getLast().cursor();
        return new Head(head, 1);
    }

    @Override
    public synchronized Optional<WorkspaceId> ownerOf(String epoch) {
        return logs.keySet().stream()
                .filter(workspace -> epoch(workspace).equals(epoch))
                .findFirst();
    }

    @Override
    public <T> T write(WorkspaceId workspace, Command<T> command) {
        throw new UnsupportedOperationException("no SQL here");
    }

    @Override
    public <T> T read(WorkspaceId workspace, Query<T> query) {
        throw new UnsupportedOperationException("no SQL here");
    }

    private List<Event> log(WorkspaceId workspace) {
        return logs.computeIfAbsent(workspace, _ -> new ArrayList<>());
    }

    private static String epoch(WorkspaceId workspace) {
        return "e" + workspace.value();
    }
}
