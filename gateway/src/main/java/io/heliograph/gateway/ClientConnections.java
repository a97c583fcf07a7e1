package io.heliograph.gateway;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of this node, connected or connecting. Safe from any thread. */
final class ClientConnections {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnections.class);

    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();

    void add(ClientConnection connection) {
        connections.add(connection);
    }

    void remove(ClientConnection connection) {
        connections.remove(connection);
    }

    /**
     * Sends every client a random reconnect delay. The caller closes the connections.
     *
     * @param perSecond the mean rate at which they reconnect
     */
    void drain(int perSecond) {
        long spreadMillis = 1000L * connections.size() / perSecond;
        for (ClientConnection connection : connections) {
            try {
                connection.drain(ThreadLocalRandom.current().nextLong(spreadMillis + 1));
            } catch (RuntimeException | Error failure) {
                LOG.error(
                        "socket {} could not be sent its reconnect delay",
                        connection.socket().id(),
                        failure);
            }
        }
    }
}
