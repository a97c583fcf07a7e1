package io.heliograph.gateway;

/** Why an accepted credential is no longer valid. */
public enum CredentialEnd {
    EXPIRED("token_expired"),
    REVOKED("token_invalid");

    private final String code;

    CredentialEnd(String code) {
        this.code = code;
    }

    /** The stable name on the wire. */
    public String code() {
        return code;
    }
}
