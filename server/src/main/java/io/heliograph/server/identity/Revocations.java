package io.heliograph.server.identity;

import java.util.function.Consumer;

/**
 * Tells what ended before its time, on every node, at most once each: at once when this process ended it, and within a
 * second when another node or the command line did. Safe from any thread.
 */
public interface Revocations {

    /**
     * Calls {@code listener} for each revocation from now on; it must not block. Whoever holds open what a credential
     * opened subscribes before it verifies the credential, so that nothing falls between the two.
     *
     * @return undoes the subscription
     */
    Runnable listen(Consumer<Revocation> listener);
}
