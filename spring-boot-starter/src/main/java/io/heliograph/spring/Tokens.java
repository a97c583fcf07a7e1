package io.heliograph.spring;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication;
import io.heliograph.gateway.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What the verifiers of tokens answer. */
final class Tokens {
    private Tokens() {}

    static Authentication accepted(WorkspaceId workspace, String member, String tokenId, Optional<Instant> expiresAt) {
        return new Authentication.Accepted(new Principal(
                workspace,
                new Principal.Subject(member, member, Optional.of(member)),
                Set.of(Principal.READ),
                new Principal.Credential(tokenId, Set.of(), expiresAt)));
    }

    static Authentication missing() {
        return new Authentication.Rejected("token_missing", "auth.token is missing");
    }

    static Authentication expired() {
        return new Authentication.Rejected("token_expired", "The token has expired");
    }

    static Authentication invalid(String detail) {
        return new Authentication.Rejected("token_invalid", detail);
    }
}
