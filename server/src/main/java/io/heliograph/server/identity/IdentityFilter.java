package io.heliograph.server.identity;

import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.storage.Blocking;
import io.heliograph.server.web.ApiPath;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Requires a valid credential for all paths under {@code /v1}, except those that issue one. The result is an attribute
 * of the exchange, which {@link IdentityArguments} passes to controllers.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
final class IdentityFilter implements WebFilter {
    static final String VERIFIED = IdentityFilter.class.getName();
    /** Compared with the path exactly as sent: any other spelling needs a credential. */
    private static final Set<String> OPEN =
            Set.of("/v1/sign-in", "/v1/sign-in/preview", "/v1/session", "/v1/session/token");

    private final Credentials credentials;

    IdentityFilter(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        if (!ApiPath.isApi(request) || OPEN.contains(request.getURI().getRawPath())) {
            return chain.filter(exchange);
        }
        String bearer = bearer(request);
        return Blocking.call(() -> credentials.verify(bearer)).flatMap(verification -> switch (verification) {
            case Verification.Rejected(var code, String detail) -> Mono.error(new ProblemException(code, detail));
            case Verification.Verified verified -> {
                exchange.getAttributes().put(VERIFIED, verified);
                yield chain.filter(exchange);
            }
        });
    }

    private static String bearer(ServerHttpRequest request) {
        String header = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7) : "";
    }
}
