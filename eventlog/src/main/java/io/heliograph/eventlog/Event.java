package io.heliograph.eventlog;

import java.util.Optional;

/** An event in the log of one workspace, with its envelope. Safe from any thread. */
public record Event(
        WorkspaceId workspace,
        Position position,
        String id,
        String type,
        Audience audience,
        Optional<String> topic,
        Payload payload) {

    public long offset() {
        return position.offset();
    }

    /** The cursor of a client that has everything up to and including this event. */
    public Cursor cursor() {
        return Cursor.at(position.epoch(), position.offset(), id);
    }
}
