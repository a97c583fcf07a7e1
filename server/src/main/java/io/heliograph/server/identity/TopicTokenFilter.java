package io.heliograph.server.identity;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Keeps tokens that are limited to topics away from all calls but those listed here, whatever the role of their member:
 * they read events, which are filtered, and their own notifications.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30) // behind the filters that say who calls and how often
final class TopicTokenFilter implements WebFilter {
    private static final Set<String> READ =
            Set.of("/v1/events", "/v1/events/stream", "/v1/whoami", "/v1/notifications");
    private static final Set<String> OWN_NOTIFICATIONS =
            Set.of("/v1/notifications/mark", "/v1/notifications/preferences");

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Verification.Verified verified = exchange.getAttribute(IdentityFilter.VERIFIED);
        return verified == null
                        || verified.topics().isEmpty()
                        || allowed(exchange.getRequest(), verified.credentialId())
                ? chain.filter(exchange)
                : Mono.error(new ProblemException(
                        ErrorCode.FORBIDDEN,
                        "The token is limited to topics: it reads events and its own notifications only"));
    }

    /** The path is compared exactly as sent: any other spelling is refused. */
    private static boolean allowed(ServerHttpRequest request, String credentialId) {
        String path = request.getURI().getRawPath();
        HttpMethod method = request.getMethod();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        return (reads && READ.contains(path))
                || OWN_NOTIFICATIONS.contains(path)
                || (method.equals(HttpMethod.DELETE) && path.equals("/v1/tokens/" + credentialId));
    }
}
