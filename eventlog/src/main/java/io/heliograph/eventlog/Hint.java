package io.heliograph.eventlog;

import java.util.List;

/**
 * Tells the nodes that a log has grown. It may be lost, doubled or late; feeds read the log for what is missing.
 *
 * <p>Immutable.
 *
 * @param head the cursor of the newest event when the hint was made
 * @param events a run without gaps in ascending order that ends at {@code head}; empty when they are too large to carry
 */
public record Hint(WorkspaceId workspace, Cursor head, List<Event> events) {
    public Hint {
        events = List.copyOf(events);
        if (!events.isEmpty() && events.getLast().offset() != head.offset()) {
            throw new IllegalArgumentException("a hint's events end at its head " + head + ", not at "
                    + events.getLast().offset());
        }
    }

    /** Payload bytes that this hint carries. */
    int bytes() {
        int bytes = 0;
        for (Event event : events) {
            bytes += event.payload().length();
        }
        return bytes;
    }
}
