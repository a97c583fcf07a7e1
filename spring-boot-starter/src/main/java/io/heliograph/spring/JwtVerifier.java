package io.heliograph.spring;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication;
import io.heliograph.gateway.AuthenticatorUnavailableException;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/** Verifies JWTs with the application's own decoder, and reads workspace and member out of their claims. Immutable. */
final class JwtVerifier implements TokenVerifier {
    private final Function<String, Jwt> decoder;
    private final String workspaceClaim;
    private final String memberClaim;

    /** @throws HeliographStartException when the workspace's claim is not named */
    JwtVerifier(Function<String, Jwt> decoder, HeliographProperties.Jwt claims) {
        if (claims.workspaceClaim().isBlank()) {
            throw new HeliographStartException(
                    "heliograph.jwt.workspace-claim is not set, so nothing says which workspace (tenant) a token is for",
                    "Set heliograph.jwt.workspace-claim to the name of the claim that holds the tenant, or define a bean of"
                            + " type io.heliograph.gateway.Authenticator.");
        }
        this.decoder = decoder;
        this.workspaceClaim = claims.workspaceClaim();
        this.memberClaim = claims.memberClaim();
    }

    @Override
    public Authentication verify(String token) {
        Jwt jwt;
        try {
            jwt = decoder.apply(token);
        } catch (JwtValidationException invalid) {
            boolean expired = invalid.getErrors().stream()
                    .anyMatch(error -> String.valueOf(error.getDescription()).startsWith("Jwt expired"));
            return expired ? Tokens.expired() : Tokens.invalid("The token is not valid");
        } catch (BadJwtException invalid) {
            return Tokens.invalid("The token is not valid");
        } catch (JwtException unavailable) {
            // Such as keys that cannot be fetched now.
            throw new AuthenticatorUnavailableException(unavailable);
        }
        Optional<WorkspaceId> workspace = claim(jwt, workspaceClaim).flatMap(JwtVerifier::workspace);
        Optional<String> member = claim(jwt, memberClaim);
        if (workspace.isEmpty()) {
            return Tokens.invalid("The token's claim " + workspaceClaim
                    + " must be a workspace: 1 to 64 characters of A-Z a-z 0-9 _ -");
        }
        if (member.isEmpty()) {
            return Tokens.invalid("The token's claim " + memberClaim + " must be a text");
        }
        String id = jwt.getId() == null ? Integer.toHexString(token.hashCode()) : jwt.getId();
        return Tokens.accepted(workspace.get(), member.get(), id, Optional.ofNullable(jwt.getExpiresAt()));
    }

    private static Optional<String> claim(Jwt jwt, String name) {
        return jwt.getClaims().get(name) instanceof String text && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Optional<WorkspaceId> workspace(String text) {
        try {
            return Optional.of(new WorkspaceId(text));
        } catch (IllegalArgumentException invalid) {
            return Optional.empty();
        }
    }
}
