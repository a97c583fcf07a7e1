package io.heliograph.eventlog;

import java.util.Optional;

/**
 * An event before it has its place in the log.
 *
 * @param id unique id of the event, {@code evt_…}
 * @param type the event's name on the wire, such as {@code approval:created}
 * @param audience who may see it
 * @param topic what a subscriber may filter by, such as {@code agents/robot-1}; at most {@value #MAX_TEXT} characters
 * @param key of events of which a client that resumes needs only the newest of this type, topic and audience; at most
 *     {@value #MAX_TEXT} characters
 * @param envelope makes what is stored, and later sent, once the position is known
 */
public record Draft(
        String id, String type, Audience audience, Optional<String> topic, Optional<String> key, Encoder envelope) {
    public static final int MAX_TEXT = 200;
    private static final int MAX_ID = 64;

    public Draft {
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new IllegalArgumentException("an event's id has 1 to 64 characters, not " + id.length());
        }
        if (type.isEmpty() || type.length() > MAX_ID) {
            throw new IllegalArgumentException("an event's type has 1 to 64 characters, not " + type.length());
        }
        checkText("topic", topic);
        checkText("key", key);
    }

    /** A draft that no later event replaces. */
    public Draft(String id, String type, Audience audience, Optional<String> topic, Encoder envelope) {
        this(id, type, audience, topic, Optional.empty(), envelope);
    }

    private static void checkText(String name, Optional<String> text) {
        int length = text.map(value -> value.codePointCount(0, value.length())).orElse(1);
        if (length < 1 || length > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "an event's " + name + " has 1 to " + MAX_TEXT + " characters, not " + length);
        }
    }

    Event placed(WorkspaceId workspace, Position position) {
        return new Event(
                workspace,
                position,
                id,
                type,
                audience,
                topic,
                key.map(value -> ConflationKey.of(type, topic, audience, value)),
                envelope.encode(position));
    }

    /**
     * Makes the event's payload. Pure: it is called on the transaction's thread, perhaps more than once. Events of one
     * transaction whose payloads have the same template are stored with it once.
     */
    @FunctionalInterface
    public interface Encoder {
        Payload encode(Position position);
    }
}
