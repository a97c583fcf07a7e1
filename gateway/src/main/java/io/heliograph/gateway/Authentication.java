package io.heliograph.gateway;

/** What came of looking at a credential. Immutable. */
public sealed interface Authentication {

    /** The credential holds. */
    record Accepted(Principal principal) implements Authentication {}

    /**
     * It does not.
     *
     * @param code stable, for programs, such as {@code token_expired}
     * @param detail for people; holds nothing of the credential
     */
    record Rejected(String code, String detail) implements Authentication {}
}
