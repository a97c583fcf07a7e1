package io.heliograph.eventlog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The end of what a feed has delivered, and the newest events up to there in memory: a run without gaps. Owned by its
 * feed; {@link #end} may be called from any thread.
 */
final class TailCache<P> {
    private static final int COMPACT_AT = 1_024;

    private final EventEncoder<P> encoder;
    private final MemoryBudget memory;

    /** Entries before {@code first} were evicted and are null; they are cut off when they are many. */
    private final List<CachedEvent<P>> entries = new ArrayList<>();

    /** Of the events in memory, the newest with each conflation key. */
    private final Map<ConflationKey, CachedEvent<P>> newestOfKey = new HashMap<>();

    private int first;
    private long bytes;

    /** What the feed has delivered; null until it has opened. Written by the feed, read by head checks. */
    private volatile @Nullable Cursor end;

    TailCache(EventEncoder<P> encoder, MemoryBudget memory) {
        this.encoder = encoder;
        this.memory = memory;
    }

    Optional<Cursor> end() {
        return Optional.ofNullable(end);
    }

    boolean isStarted() {
        return end != null;
    }

    /** What the feed has delivered; it must be open. */
    Cursor delivered() {
        Cursor at = end;
        if (at == null) {
            throw new IllegalStateException("the feed is not open");
        }
        return at;
    }

    /** Begins at {@code cursor}, with the newest events up to there in memory. */
    void startAt(Cursor cursor, List<Event> newest) {
        newest.forEach(this::add);
        end = cursor;
    }

    /** The feed delivers the next event. */
    void append(Event event) {
        add(event);
        end = event.cursor();
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

    CachedEvent<P> get(long offset) {
        return entries.get(first + Math.toIntExact(offset - firstOffset()));
    }

    void add(Event event) {
        if (!isEmpty() && event.offset() != firstOffset() + size()) {
            throw new IllegalStateException(
                    "offset " + event.offset() + " does not follow " + (firstOffset() + size() - 1));
        }
        CachedEvent<P> entry = new CachedEvent<>(event);
        entries.add(entry);
        event.conflationKey().ifPresent(key -> {
            CachedEvent<P> before = newestOfKey.put(key, entry);
            if (before != null) {
                before.succeededBy(event);
            }
        });
        count(entry.bytes(encoder));
    }

    P encoded(CachedEvent<P> entry) {
        long before = entry.bytes(encoder);
        P value = entry.encoded(encoder);
        count(entry.bytes(encoder) - before);
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

    /** Drops the events before {@code offset}, which retention has removed from the log. */
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
        CachedEvent<P> entry = entries.get(first);
        entries.set(first++, null);
        entry.event().conflationKey().ifPresent(key -> newestOfKey.remove(key, entry));
        count(-entry.bytes(encoder));
        entry.release(encoder);
    }

    private void count(long difference) {
        bytes += difference;
        memory.add(difference);
    }
}
