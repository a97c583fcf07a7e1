package io.heliograph.server.start;

import io.heliograph.server.errors.StartException;
import io.heliograph.server.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that all nodes of one database sign tokens with the same secret: a token of one node would be refused by
 * another. The database holds a fingerprint of the secret.
 */
final class TokenSecretCheck {
    private static final String NAME = "token-secret";
    private static final Logger LOG = LoggerFactory.getLogger(TokenSecretCheck.class);

    private TokenSecretCheck() {}

    /**
     * Compares with what the first node stored, for a node that starts. An embedded database has one node, so its secret
     * may change.
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

    /** Nodes with another secret are refused from now on. */
    static void accept(Storage storage, String fingerprint) {
        storage.installation().put(NAME, fingerprint);
    }
}
