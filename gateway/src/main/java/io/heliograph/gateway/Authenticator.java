package io.heliograph.gateway;

/**
 * Verifies credentials and names their owner. A port: the application implements it.
 *
 * <p>Called on virtual threads by many clients at once, and may block. Each call must read the stored state: a cached
 * answer could predate a revocation.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Verifies a credential as the client sent it; empty when it sent none.
     *
     * @throws AuthenticatorUnavailableException when verification is not possible now; the client's connection is
     *     closed, so that the client retries
     */
    Authentication authenticate(String credential);
}
