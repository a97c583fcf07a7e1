package io.heliograph.gateway;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.WorkspaceId;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An event that is in no log: it has no cursor, is not replayed, and is dropped for who cannot take it now. Immutable.
 *
 * @param argument an object: a stock client takes a string for a cursor
 */
public record VolatileMessage(
        WorkspaceId workspace, Audience audience, Optional<String> topic, String type, JsonNode argument) {
    public VolatileMessage {
        if (!argument.isObject()) {
            throw new IllegalArgumentException("the argument of a volatile event is an object");
        }
    }
}
