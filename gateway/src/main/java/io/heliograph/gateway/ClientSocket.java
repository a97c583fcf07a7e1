package io.heliograph.gateway;

import java.util.Optional;
import java.util.Set;

/** A connected client as {@link SocketCommand}s see it. Safe from any thread. */
public interface ClientSocket {
    Principal principal();

    /** Narrows the socket to events without a topic and those of these topics; empty: all events again. */
    void watch(Optional<Set<String>> topics);

    /**
     * Replaces the credential by another of the same subject, if it is valid; blocks as the {@link Authenticator} does.
     *
     * @throws CommandRejectedException when it is not valid, or belongs to another subject
     */
    Principal renew(String credential);
}
