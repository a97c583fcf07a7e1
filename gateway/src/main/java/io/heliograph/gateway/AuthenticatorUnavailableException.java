package io.heliograph.gateway;

/**
 * Authentication is not possible now, because a system that it needs cannot be reached. The same call may succeed
 * later.
 */
public final class AuthenticatorUnavailableException extends RuntimeException {

    public AuthenticatorUnavailableException(Throwable cause) {
        super(cause);
    }
}
