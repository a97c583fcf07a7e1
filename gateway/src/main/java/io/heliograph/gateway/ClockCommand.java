package io.heliograph.gateway;

import java.time.Clock;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * {@code clock {}}: answers with the server's time. A client asks in silence whether its connection still works, so
 * these events have a rate of their own: an answer must not depend on what else the client sends. Immutable.
 */
record ClockCommand(Clock clock) implements SocketCommand {
    static final String NAME = "clock";
    /** A client asks every few seconds, and when its page is shown again. */
    static final int MAX_PER_SECOND = 5;

    @Override
    public Map<String, Object> run(ClientSocket socket, JsonNode argument) {
        ClientMessages.requireFields(argument);
        return Map.of("at", ClientMessages.format(clock.instant()));
    }
}
