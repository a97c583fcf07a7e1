package io.heliograph.gateway;

import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** A connected client as {@link SocketCommand}s see it. Safe from any thread. */
public interface ClientSocket {
    Principal principal();

    /**
     * Changes which topics the socket gets; at first it gets all. What its credential excludes stays excluded.
     *
     * @param change pure; gets the present filter
     * @return the filter from now on
     */
    TopicFilter watch(UnaryOperator<TopicFilter> change);

    /** Puts the socket into a group of its workspace, as the application names it, until it is closed. */
    void join(String group);

    /** Sends an unlogged event to this socket only, unless it is not writable now. */
    void sendVolatile(String type, JsonNode argument);

    /** Whether it is connected, or becomes so. */
    boolean open();

    /** How long nothing has come from the client, heartbeats included. */
    Duration silence();

    /**
     * Replaces the credential by another of the same subject, if it is valid; blocks as the {@link Authenticator} does.
     *
     * @throws CommandRejectedException when it is not valid, or belongs to another subject
     */
    Principal renew(String credential);
}
