package io.heliograph.eventlog;

import java.util.Optional;

/**
 * An event in the log of one workspace, with its envelope. Safe from any thread.
 *
 * @param topic what a subscriber may filter by
 * @param conflationKey of an event that a later one with the same key replaces for clients that resume
 */
public record Event(
        WorkspaceId workspace,
        Position position,
        String id,
        String type,
        Audience audience,
        Optional<String> topic,
        Optional<ConflationKey> conflationKey,
        Payload payload) {

    /** An event that no later one replaces. */
    public Event(
            WorkspaceId workspace,
            Position position,
            String id,
            String type,
            Audience audience,
            Optional<String> topic,
            Payload payload) {
        this(workspace, position, id, type, audience, topic, Optional.empty(), payload);
    }

    public long offset() {
        return position.offset();
    }

    /** The cursor of a client that has everything up to and including this event. */
    public Cursor cursor() {
        return Cursor.at(position.epoch(), position.offset(), id);
    }
}
