package io.heliograph.server.identity;

import io.heliograph.server.limits.RateLimit;
import io.heliograph.server.limits.RateLimiter;
import java.util.List;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Limits how many requests a second one member or API key sends to this node, and says in each answer how much is left.
 * It runs before a body is read.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 25) // behind the filter that says who calls
final class RateLimitFilter implements WebFilter {
    private static final List<String> ASK = List.of("v1", "approvals");
    private static final Set<List<String>> PUBLISH =
            Set.of(List.of("v1", "events"), List.of("v1", "events", "volatile"));

    private final RateLimiter limiter;

    RateLimitFilter(RateLimiter limiter) {
        this.limiter = limiter;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Verification.Verified verified = exchange.getAttribute(IdentityFilter.VERIFIED);
        if (verified == null) {
            return chain.filter(exchange);
        }
        Caller caller = verified.caller();
        RateLimit limit = limit(exchange.getRequest());
        RateLimiter.Allowance allowance = limiter.take(limit, caller.workspace().value() + "/" + caller.id());
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set("RateLimit-Policy", limiter.policyHeader(limit));
        headers.set("RateLimit", allowance.header());
        return allowance.granted() ? chain.filter(exchange) : Mono.error(limiter.refusal(allowance, whose(caller)));
    }

    private static String whose(Caller caller) {
        return switch (caller) {
            case Caller.Key key -> "The API key \"" + key.name() + "\"";
            case Caller.Member member -> "The member \"" + member.name() + "\"";
        };
    }

    private static RateLimit limit(ServerHttpRequest request) {
        HttpMethod method = request.getMethod();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return RateLimit.READS;
        }
        if (!method.equals(HttpMethod.POST)) {
            return RateLimit.WRITES;
        }
        List<String> segments = segments(request);
        if (PUBLISH.contains(segments)) {
            return RateLimit.PUBLISHES;
        }
        return segments.equals(ASK) ? RateLimit.ASKS : RateLimit.WRITES;
    }

    /** Compared in decoded form, as the router does, so that another spelling of a path has the same limit. */
    private static List<String> segments(ServerHttpRequest request) {
        return request.getPath().pathWithinApplication().elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(element -> ((PathContainer.PathSegment) element).valueToMatch())
                .toList();
    }
}
