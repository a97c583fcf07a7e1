package io.heliograph.eventlog;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest events of one workspace in memory: a run without gaps that ends at what the feed has delivered. Owned by
 * its feed.
 */
final class Recent<P> {
    private static final int COMPACT_AT = 1_024;

    private final Preparer<P> preparer;
    private final Memory memory;

    /** Entries before {@code first} were evicted and are null; they are cut off when they are many. */
    private final List<Entry<P>> entries = new ArrayList<>();

    private int first;
    private long bytes;

    Recent(Preparer<P> preparer, Memory memory) {
        this.preparer = preparer;
        this.memory = memory;
    }

    boolean isEmpty() {
        return first == entries.size();
    }

    int size() {
        return entries.size() - first;
    }

    long bytes() {
        return bytes;
    }

    boolean contains(long offset) {
        return !isEmpty() && offset >= firstOffset() && offset < firstOffset() + size();
    }

    Entry<P> get(long offset) {
        return entries.get(first + Math.toIntExact(offset - firstOffset()));
    }

    void add(Event event) {
        if (!isEmpty() && event.offset() != firstOffset() + size()) {
            throw new IllegalStateException(
                    "offset " + event.offset() + " does not follow " + (firstOffset() + size() - 1));
        }
        Entry<P> entry = new Entry<>(event);
        entries.add(entry);
        count(entry.bytes(preparer));
    }

    P prepared(Entry<P> entry) {
        long before = entry.bytes(preparer);
        P value = entry.prepared(preparer);
        count(entry.bytes(preparer) - before);
        return value;
    }

    /** Drops the oldest until no more than {@code allowed} bytes are held. */
    void trim(long allowed) {
        while (bytes > allowed && !isEmpty()) {
            drop();
        }
        if (first >= COMPACT_AT && first > entries.size() / 2) {
            entries.subList(0, first).clear();
            first = 0;
        }
    }

    /** Drops what retention has removed from the log, so that memory outlives it by little. */
    void dropBefore(long offset) {
        while (!isEmpty() && firstOffset() < offset) {
            drop();
        }
    }

    void clear() {
        while (!isEmpty()) {
            drop();
        }
        entries.clear();
        first = 0;
    }

    private long firstOffset() {
        return entries.get(first).event().offset();
    }

    @SuppressWarnings("NullAway") // the slot of an evicted entry is never read again
    private void drop() {
        Entry<P> entry = entries.get(first);
        entries.set(first++, null);
        count(-entry.bytes(preparer));
        entry.release(preparer);
    }

    private void count(long difference) {
        bytes += difference;
        memory.add(difference);
    }
}
