package io.heliograph.eventlog;

import java.util.List;

/** Tells the bus of what was committed. Safe from any thread. */
final class HintPublisher {
    private final Bus bus;
    private final int maxBytes;

    /** With payload bytes that one hint carries; a larger event is only announced. */
    HintPublisher(Bus bus, int maxBytes) {
        this.bus = bus;
        this.maxBytes = maxBytes;
    }

    /** Publishes events of one workspace in hints of at most so many bytes. */
    void publish(List<Event> events) {
        int from = 0;
        while (from < events.size()) {
            int to = from;
            long bytes = 0;
            do {
                bytes += events.get(to++).payload().length();
            } while (to < events.size() && bytes + events.get(to).payload().length() <= maxBytes);
            Event last = events.get(to - 1);
            List<Event> carried = bytes <= maxBytes ? events.subList(from, to) : List.of();
            bus.publish(new Hint(last.workspace(), last.cursor(), carried));
            from = to;
        }
    }

    /** Publishes where a log ends now, without events. */
    void publish(WorkspaceId workspace, Cursor head) {
        bus.publish(new Hint(workspace, head, List.of()));
    }
}
