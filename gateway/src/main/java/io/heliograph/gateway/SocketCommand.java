package io.heliograph.gateway;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A command that a client runs by an event with an ack. Registered by the event's name; the gateway counts the events,
 * reads the one argument and answers. Runs on a virtual thread, one at a time for each socket, and may block.
 */
@FunctionalInterface
public interface SocketCommand {

    /**
     * Runs the command.
     *
     * @return the answer
     * @throws InvalidMessageException when the argument is not what it must be; answered with {@code invalid_request}
     * @throws CommandRejectedException when the command is rejected
     */
    Map<String, Object> run(ClientSocket socket, JsonNode argument);
}
