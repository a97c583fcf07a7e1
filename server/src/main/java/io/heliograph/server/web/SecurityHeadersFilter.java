package io.heliograph.server.web;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Adds {@link SecurityHeaders} to every response, and disables caching of API responses. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecurityHeadersFilter implements WebFilter {
    private static final String NO_STORE = "no-store";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        SecurityHeaders.forEach(exchange.getRequest().getHeaders().getFirst(HttpHeaders.HOST), headers::set);
        if (ApiPath.isApi(exchange.getRequest())) {
            exchange.getResponse().beforeCommit(() -> {
                String given = headers.getCacheControl();
                if (given == null || !given.contains(NO_STORE)) {
                    headers.setCacheControl(NO_STORE);
                }
                return Mono.empty();
            });
        }
        return chain.filter(exchange);
    }
}
