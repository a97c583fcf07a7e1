package io.heliograph.server.identity;

import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/** The caller of an exchange, for filters; controllers take a {@link Caller} as a parameter. */
public final class Callers {
    private Callers() {}

    /** Empty when the path needs no credential, or before it was verified. */
    public static Optional<Caller> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.<Verification.Verified>getAttribute(IdentityFilter.VERIFIED))
                .map(Verification.Verified::caller);
    }
}
