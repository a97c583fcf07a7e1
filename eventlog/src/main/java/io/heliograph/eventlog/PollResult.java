package io.heliograph.eventlog;

import java.util.List;

/** The result of {@link Feeds#poll}. Immutable. */
public sealed interface PollResult {

    /**
     * Events that pass the poll's filter, oldest first; none at the timeout.
     *
     * @param cursor where to go on: past everything that was looked at, visible or not
     */
    record Page(List<Event> events, Cursor cursor) implements PollResult {
        public Page {
            events = List.copyOf(events);
        }
    }

    /** The cursor does not fit the log; go on after {@code head} with lists loaded anew. */
    record Reset(ResetReason reason, Cursor head) implements PollResult {}
}
