package io.heliograph.eventlog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that was ever in the logs, by epoch: what the histories of readers are compared with. */
final class Truth {
    private final Map<String, List<Event>> events = new HashMap<>();
    private final Map<String, WorkspaceId> owners = new HashMap<>();
    private final Map<String, Long> dropped = new HashMap<>();
    private final Map<WorkspaceId, String> current = new HashMap<>();

    void begin(WorkspaceId workspace, String epoch) {
        current.put(workspace, epoch);
        owners.put(epoch, workspace);
        events.putIfAbsent(epoch, new ArrayList<>());
    }

    /** The same events go on under another epoch. */
    void rename(WorkspaceId workspace, String epoch) {
        String before = epoch(workspace);
        List<Event> same = new ArrayList<>();
        for (Event event : events(before)) {
            same.add(new Event(
                    workspace,
                    new Position(epoch, event.offset(), event.position().at()),
                    event.id(),
                    event.type(),
                    event.audience(),
                    event.topic(),
                    event.conflationKey(),
                    event.payload()));
        }
        begin(workspace, epoch);
        events.put(epoch, same);
        dropped.put(epoch, dropped(before));
    }

    void append(Event event) {
        events(event.position().epoch()).add(event);
    }

    void drop(WorkspaceId workspace, long upTo) {
        dropped.merge(epoch(workspace), upTo, Math::max);
    }

    String epoch(WorkspaceId workspace) {
        return current.getOrDefault(workspace, "none");
    }

    boolean belongs(String epoch, WorkspaceId workspace) {
        return workspace.equals(owners.get(epoch));
    }

    List<Event> events(String epoch) {
        return events.computeIfAbsent(epoch, key -> new ArrayList<>());
    }

    /** Retention has removed all up to here. */
    long dropped(String epoch) {
        return dropped.getOrDefault(epoch, 0L);
    }

    long head(WorkspaceId workspace) {
        return events(epoch(workspace)).size();
    }

    Cursor cursor(String epoch, long offset) {
        return offset == 0
                ? Cursor.beforeFirst(epoch)
                : events(epoch).get(Math.toIntExact(offset - 1)).cursor();
    }
}
