package io.heliograph.gateway;

/** The credential of a waiting request ended. */
public final class CredentialEndedException extends RuntimeException {
    private final CredentialEnd reason;

    CredentialEndedException(CredentialEnd reason) {
        super("the credential ended while the request waited: " + reason.code());
        this.reason = reason;
    }

    public CredentialEnd reason() {
        return reason;
    }
}
