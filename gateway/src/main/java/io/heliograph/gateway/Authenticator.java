package io.heliograph.gateway;

/**
 * Says who presents a credential. A port: the application implements it.
 *
 * <p>Called on virtual threads by many clients at once, and may block. It must look at what is stored at each call: an
 * answer out of a cache could be from before a revocation.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Verifies a credential as the client sent it; empty when it sent none.
     *
     * @throws AuthenticatorUnavailableException when it cannot be told now; the client's connection is closed, so that it
     *     tries again
     */
    Authentication authenticate(String credential);
}
