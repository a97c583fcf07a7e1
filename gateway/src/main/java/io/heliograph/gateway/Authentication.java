package io.heliograph.gateway;

/** The result of verifying a credential. Immutable. */
public sealed interface Authentication {

    /** The credential is valid. */
    record Accepted(Principal principal) implements Authentication {}

    /**
     * The credential is not valid.
     *
     * @param code stable, for programs, such as {@code token_expired}
     * @param detail for people; holds nothing of the credential
     */
    record Rejected(String code, String detail) implements Authentication {}
}
