package io.heliograph.gateway;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a client may ask for by an event with an ack. Registered by the event's name; the gateway counts the events,
 * reads the one argument and answers. Runs on a virtual thread, one at a time for each socket, and may block.
 */
@FunctionalInterface
public interface SocketCommand {

    /**
     * Does what is asked for.
     *
     * @return the answer
     * @throws InvalidMessageException when the argument is not what it must be; answered with {@code invalid_request}
     * @throws CommandRejectedException when it cannot be done
     */
    Map<String, Object> run(ClientSocket socket, JsonNode argument);
}
