package io.heliograph.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.EventLogException;
import io.heliograph.eventlog.Head;
import io.heliograph.eventlog.Hint;
import io.heliograph.eventlog.Payload;
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
    private final Map<WorkspaceId, Log> logs = new HashMap<>();

    private volatile boolean failing;
    private volatile boolean hinting = true;

    private static final class Log {
        private String epoch;
        private Cursor head;
        private List<Event> events = new ArrayList<>();

        Log(String epoch) {
            this.epoch = epoch;
            this.head = new Cursor(epoch, 0, "");
        }

        Head head() {
            return new Head(
                    head,
                    events.isEmpty() ? head.offset() + 1 : events.getFirst().offset());
        }
    }

    MemoryLog(Bus bus) {
        this.bus = bus;
    }

    /** Appends an event whose envelope is {@code {"n":"NAME"}}, and returns its cursor. */
    Cursor append(String workspace, String name, Audience audience) {
        return append(workspace, name, audience, Optional.empty());
    }

    /** As {@link #append(String, String, Audience)}, of a topic. */
    Cursor append(String workspace, String name, Audience audience, Optional<String> topic) {
        return append(workspace, name, audience, topic, "{\"n\":\"" + name + "\"}");
    }

    Cursor append(String workspace, String name, Audience audience, Optional<String> topic, String envelope) {
        Event event;
        synchronized (this) {
            WorkspaceId id = new WorkspaceId(workspace);
            Log log = log(id);
            event = new Event(
                    id,
                    new Position(log.epoch, log.head.offset() + 1, Instant.EPOCH),
                    "evt_abcdef" + name,
                    "test:" + name,
                    audience,
                    topic,
                    Payload.of(envelope.getBytes(UTF_8)));
            log.events.add(event);
            log.head = event.cursor();
        }
        if (hinting) {
            bus.publish(new Hint(event.workspace(), event.cursor(), List.of(event)));
        }
        return event.cursor();
    }

    Cursor head(String workspace) {
        return open(new WorkspaceId(workspace)).cursor();
    }

    /** Begins the log anew, empty and in another epoch. */
    synchronized void restart(String workspace, String epoch) {
        logs.put(new WorkspaceId(workspace), new Log(epoch));
    }

    /** Forgets the events up to an offset, as retention does. */
    synchronized void removeUpTo(String workspace, long offset) {
        Log log = log(new WorkspaceId(workspace));
        log.events = new ArrayList<>(
                log.events.stream().filter(event -> event.offset() > offset).toList());
    }

    /** Whether reads fail, as when the database is away. */
    void failing(boolean failing) {
        this.failing = failing;
    }

    /** Whether the bus is told of new events. */
    void hinting(boolean hinting) {
        this.hinting = hinting;
    }

    @Override
    public synchronized List<Event> after(WorkspaceId workspace, long offset, int limit) {
        available();
        return log(workspace).events.stream()
                .filter(event -> event.offset() > offset)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Map<Long, Long> successors(WorkspaceId workspace, long first, long last) {
        throw new UnsupportedOperationException("no event here has a key");
    }

    @Override
    public synchronized Map<WorkspaceId, Head> heads(Collection<WorkspaceId> workspaces) {
        Map<WorkspaceId, Head> heads = new HashMap<>();
        workspaces.forEach(workspace -> heads.put(workspace, open(workspace)));
        return heads;
    }

    @Override
    public synchronized Head open(WorkspaceId workspace) {
        available();
        return log(workspace).head();
    }

    @Override
    public synchronized Optional<WorkspaceId> ownerOf(String epoch) {
        available();
        return logs.entrySet().stream()
                .filter(entry -> entry.getValue().epoch.equals(epoch))
                .map(Map.Entry::getKey)
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

    private void available() {
        if (failing) {
            throw new EventLogException("the log is away");
        }
    }

    private Log log(WorkspaceId workspace) {
        return logs.computeIfAbsent(workspace, id -> new Log("e" + id.value()));
    }
}
