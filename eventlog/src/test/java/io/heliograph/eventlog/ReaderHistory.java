package io.heliograph.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one reader was told, in order.
 *
 * @param member sees what is for everyone, and what is for it
 * @param trusted false when the cursor that it began with was made up
 */
record ReaderHistory(
        WorkspaceId workspace,
        String member,
        StartPosition start,
        boolean trusted,
        List<Told> told,
        AtomicReference<Cursor> head) {
    private static final Cursor NONE = Cursor.beforeFirst("none");

    sealed interface Told {
        record Got(Event event) implements Told {}

        /** It has everything up to here. */
        record Reached(Cursor cursor) implements Told {}

        record WasReset(ResetReason reason, Cursor head) implements Told {}
    }

    ReaderHistory(WorkspaceId workspace, String member, StartPosition start, boolean trusted) {
        this(workspace, member, start, trusted, new ArrayList<>());
    }

    ReaderHistory(WorkspaceId workspace, String member, StartPosition start, boolean trusted, List<Told> told) {
        this(workspace, member, start, trusted, told, new AtomicReference<>(NONE));
    }

    /** Is told something of a log that has a head now: what it leaves out is replaced by what lies before this head. */
    void joined(Told first, Truth truth) {
        if (told.isEmpty()) {
            switch (first) {
                case Told.Got(Event event) -> head.set(headOf(event.position().epoch(), truth));
                case Told.Reached(Cursor cursor) -> head.set(headOf(cursor.epoch(), truth));
                case Told.WasReset _ -> {}
            }
        }
    }

    private static Cursor headOf(String epoch, Truth truth) {
        return truth.cursor(epoch, truth.events(epoch).size());
    }

    /** 0 in an epoch in which it did not join. */
    long headAtStart(String epoch) {
        return head.get().epoch().equals(epoch) ? head.get().offset() : 0;
    }

    boolean sees(Event event) {
        return switch (event.audience()) {
            case Audience.Everyone _ -> true;
            case Audience.Member(String id) -> id.equals(member);
        };
    }
}
