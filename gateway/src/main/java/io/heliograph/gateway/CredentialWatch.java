package io.heliograph.gateway;

import io.heliograph.eventlog.Subscription;
import java.util.function.Consumer;

/**
 * Tells which credentials have ended before their time, on every node. A port: the application implements it.
 *
 * <p>A revocation is told after it is stored, so that an {@link Authenticator} that is asked afterwards knows of it.
 */
@FunctionalInterface
public interface CredentialWatch {
    /** For credentials that nobody revokes. */
    CredentialWatch NONE = listener -> () -> {};

    /** Calls {@code listener} for each revocation from now on, on any thread; it does not block. */
    Subscription listen(Consumer<Revocation> listener);
}
