package io.heliograph.eventlog;

import java.util.Optional;

/**
 * An event before it has its place in the log.
 *
 * @param id unique id of the event, {@code evt_…}
 * @param type the event's name on the wire, such as {@code approval:created}
 * @param audience who may see it
 * @param topic what a subscriber may filter by, such as the id of the agent that a message is from
 * @param envelope makes what is stored, and later sent, once the position is known
 */
public record Draft(String id, String type, Audience audience, Optional<String> topic, Encoder envelope) {
    private static final int MAX_ID = 64;

    public Draft {
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new IllegalArgumentException("an event's id has 1 to 64 characters, not " + id.length());
        }
        if (type.isEmpty() || type.length() > MAX_ID) {
            throw new IllegalArgumentException("an event's type has 1 to 64 characters, not " + type.length());
        }
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
