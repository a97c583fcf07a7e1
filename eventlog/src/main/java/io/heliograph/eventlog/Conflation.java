package io.heliograph.eventlog;

import org.jspecify.annotations.Nullable;

/**
 * What one client that resumes does not need: an event whose {@link ConflationKey} has a later one that lies before the
 * head at the time when the client joined. Events after that head are never left out.
 *
 * <p>One object belongs to one client, also when it reads by several polls: the first one sets the head. Safe from any
 * thread.
 */
public final class Conflation {
    /** Written once, by the feed. */
    private volatile @Nullable Cursor head;

    /** The client joins now; later calls change nothing. */
    synchronized void joined(Cursor at) {
        if (head == null) {
            head = at;
        }
    }

    /** @param successor offset of the next event with the same key, 0 when there is none yet */
    boolean skips(Event event, long successor) {
        Cursor joined = head;
        return joined != null
                && successor > 0
                && successor <= joined.offset()
                && event.position().epoch().equals(joined.epoch());
    }
}
