package io.heliograph.gateway;

import io.heliograph.eventlog.Subscription;
import java.util.function.Consumer;

/**
 * Reports revoked credentials, on every node. A port: the application implements it.
 *
 * <p>A revocation is reported after it is stored, so that a later call of the {@link Authenticator} sees it.
 */
@FunctionalInterface
public interface CredentialWatch {
    /** For credentials that are never revoked. */
    CredentialWatch NONE = listener -> () -> {};

    /** Calls {@code listener} for each revocation from now on, on any thread; it does not block. */
    Subscription listen(Consumer<Revocation> listener);
}
