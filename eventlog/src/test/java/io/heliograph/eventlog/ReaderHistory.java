package io.heliograph.eventlog;

import java.util.ArrayList;
import java.util.List;

/**
 * What one reader was told, in order.
 *
 * @param member sees what is for everyone, and what is for it
 * @param trusted false when the cursor that it began with was made up
 */
record ReaderHistory(WorkspaceId workspace, String member, StartPosition start, boolean trusted, List<Told> told) {

    sealed interface Told {
        record Got(Event event) implements Told {}

        /** It has everything up to here. */
        record Reached(Cursor cursor) implements Told {}

        record WasReset(ResetReason reason, Cursor head) implements Told {}
    }

    ReaderHistory(WorkspaceId workspace, String member, StartPosition start, boolean trusted) {
        this(workspace, member, start, trusted, new ArrayList<>());
    }

    boolean sees(Event event) {
        return switch (event.audience()) {
            case Audience.Everyone _ -> true;
            case Audience.Member(String id) -> id.equals(member);
        };
    }
}
