package io.heliograph.spring;

import io.heliograph.gateway.Authentication;
import io.heliograph.gateway.Authenticator;
import java.util.Optional;

/** Verifies tickets and JWTs, as far as the application has them. Immutable. */
final class TokenAuthenticator implements Authenticator {
    private final Optional<TokenVerifier> jwts;
    private final Optional<SocketTickets> tickets;

    /** @throws HeliographStartException when there is neither */
    TokenAuthenticator(Optional<TokenVerifier> jwts, Optional<SocketTickets> tickets) {
        if (jwts.isEmpty() && tickets.isEmpty()) {
            throw new HeliographStartException(
                    "nothing says who may connect: there is no JwtDecoder, no ticket and no Authenticator",
                    "Add Spring Security's resource server and set heliograph.jwt.workspace-claim, or set"
                            + " heliograph.tickets.enabled=true, or define a bean of type"
                            + " io.heliograph.gateway.Authenticator.");
        }
        this.jwts = jwts;
        this.tickets = tickets;
    }

    @Override
    public Authentication authenticate(String credential) {
        if (credential.isEmpty()) {
            return Tokens.missing();
        }
        if (tickets.isPresent() && (jwts.isEmpty() || SocketTickets.isTicket(credential))) {
            return tickets.get().verify(credential);
        }
        return jwts.orElseThrow().verify(credential);
    }

    @Override
    public String toString() {
        return jwts.isEmpty() ? "tickets" : tickets.isEmpty() ? "JWTs" : "JWTs and tickets";
    }
}
