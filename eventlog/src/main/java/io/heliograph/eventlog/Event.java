package io.heliograph.eventlog;

import java.util.Optional;

/**
 * An event in the log of one workspace.
 *
 * <p>Shape: {@code payload} is the envelope as UTF-8 JSON, exactly the bytes that every subscriber gets. It is shared and
 * never written to after construction. Safe from any thread.
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are shared on purpose, and nothing compares events
public record Event(
        WorkspaceId workspace,
        Position position,
        String id,
        String type,
        Audience audience,
        Optional<String> topic,
        byte[] payload) {

    public long offset() {
        return position.offset();
    }

    /** The cursor of a client that has everything up to and including this event. */
    public Cursor cursor() {
        return Cursor.at(position.epoch(), position.offset(), id);
    }
}
