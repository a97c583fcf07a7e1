package io.heliograph.gateway;

/**
 * Receives when sockets begin and cease to receive new events. A port: the application implements it.
 *
 * <p>Called on event loops and on threads of feeds, without a lock: implementations are fast, safe for many threads, and
 * do not block. The two calls for one socket may overlap when it is closed just then; {@link ClientSocket#open} tells.
 */
public interface ClientListener {
    /** Ignores everything. */
    ClientListener NONE = new ClientListener() {};

    /** The socket has all past events and receives new ones from now on. Called once for a socket. */
    default void attached(ClientSocket socket) {}

    /** The socket is closed. Called once, also for one that was admitted and not attached yet. */
    default void closed(ClientSocket socket) {}
}
