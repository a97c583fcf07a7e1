package io.heliograph.server.identity;

import java.util.function.Consumer;

/**
 * Reports revocations on every node, each at most once: at once when this process revoked, and within a second when
 * another node or the command line did. Safe from any thread.
 */
public interface Revocations {

    /**
     * Calls {@code listener} for each revocation from now on; it must not block. A holder of a socket or request
     * subscribes before it verifies the credential, so that no revocation is missed in between.
     *
     * @return undoes the subscription
     */
    Runnable listen(Consumer<Revocation> listener);
}
