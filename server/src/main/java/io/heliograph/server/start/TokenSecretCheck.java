package io.heliograph.server.start;

import io.heliograph.server.errors.StartException;
import io.heliograph.server.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ensures that all nodes of one database sign tokens with the same secret; otherwise one node would reject the tokens
 * of another. The database holds a fingerprint of the secret.
 */
final class TokenSecretCheck {
    private static final String NAME = "token-secret";
    private static final Logger LOG = LoggerFactory.getLogger(TokenSecretCheck.class);

    private TokenSecretCheck() {}

    /**
     * Compares the secret of a starting node with the fingerprint that the first node stored. An embedded database has
     * one node, so its secret may change.
     *
     * @throws StartException when this node's secret differs from that of the others
     */
    static void checkAtStart(Storage storage, String fingerprint) {
        if (storage.isShared()) {
            require(storage, fingerprint);
        } else if (!isSame(storage, fingerprint)) {
            LOG.info("The token secret has changed: tokens that were signed before are refused");
            accept(storage, fingerprint);
        }
    }

    /** @throws StartException when the secret differs from that of the nodes */
    static void require(Storage storage, String fingerprint) {
        if (!isSame(storage, fingerprint)) {
            throw new StartException("heliograph.token-secret differs from that of the other nodes on this database, so"
                    + " that they would refuse each other's tokens; set the same everywhere. To change it, stop all"
                    + " nodes, set it on each, and run ./heliograph rotate-token-secret with it once");
        }
    }

    private static boolean isSame(Storage storage, String fingerprint) {
        return storage.installation().putIfAbsent(NAME, fingerprint).equals(fingerprint);
    }

    /** From now on, nodes with another secret do not start. */
    static void accept(Storage storage, String fingerprint) {
        storage.installation().put(NAME, fingerprint);
    }
}
