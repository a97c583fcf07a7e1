package io.heliograph.gateway;

import java.util.Optional;
import java.util.Set;

/** A connected client as {@link SocketCommand}s see it. Safe from any thread. */
public interface ClientSocket {
    Principal principal();

    /** Narrows the socket to events without a topic and those of these topics; empty: all events again. */
    void watch(Optional<Set<String>> topics);

    /**
     * Takes over a credential of the same subject, when it holds; blocks as the {@link Authenticator} does.
     *
     * @throws CommandRejectedException when it does not hold, or is another's
     */
    Principal renew(String credential);
}
