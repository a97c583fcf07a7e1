package io.heliograph.gateway;

/** Nobody can be authenticated now, because what it takes cannot be reached. The same call may succeed later. */
public final class AuthenticatorUnavailableException extends RuntimeException {

    public AuthenticatorUnavailableException(Throwable cause) {
        super(cause);
    }
}
