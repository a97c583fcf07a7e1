package io.heliograph.eventlog;

import java.util.Optional;
import java.util.TreeMap;

/** Hinted events that wait for the events before them, bounded in bytes. Owned by its feed. */
final class ReorderBuffer {
    private final int maxBytes;
    private final TreeMap<Long, Event> events = new TreeMap<>();
    private long bytes;

    ReorderBuffer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Keeps the event until the feed has delivered those before it; returns how many of the highest offsets were dropped
     * because the bound was reached.
     */
    int keep(Event event) {
        if (events.putIfAbsent(event.offset(), event) == null) {
            bytes += event.payload().length();
        }
        int dropped = 0;
        while (bytes > maxBytes) {
            bytes -= events.pollLastEntry().getValue().payload().length();
            dropped++;
        }
        return dropped;
    }

    /** The event at this offset, if it is here; those before it are of no more use. */
    Optional<Event> take(long offset) {
        while (!events.isEmpty() && events.firstKey() <= offset) {
            Event first = events.pollFirstEntry().getValue();
            bytes -= first.payload().length();
            if (first.offset() == offset) {
                return Optional.of(first);
            }
        }
        return Optional.empty();
    }

    void clear() {
        events.clear();
        bytes = 0;
    }
}
