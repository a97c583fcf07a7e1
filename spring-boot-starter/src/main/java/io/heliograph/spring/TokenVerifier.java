package io.heliograph.spring;

import io.heliograph.gateway.Authentication;

/** Verifies one kind of token. Called on virtual threads; may block. */
interface TokenVerifier {
    /** As {@link io.heliograph.gateway.Authenticator#authenticate}. */
    Authentication verify(String token);
}
