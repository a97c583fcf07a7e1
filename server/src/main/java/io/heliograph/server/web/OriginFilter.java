package io.heliograph.server.web;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets pages of allowed origins call the API (CORS), answers their preflights, and rejects other origins. Clients that
 * are no browsers send no {@code Origin} and are not restricted here.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class OriginFilter implements WebFilter {
    private final Origins origins;

    OriginFilter(Origins origins) {
        this.origins = origins;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders request = exchange.getRequest().getHeaders();
        String origin = request.getOrigin();
        if (origin == null || !ApiPath.isApi(exchange.getRequest())) {
            return chain.filter(exchange);
        }
        if (!origins.admit(origin, request.getFirst(HttpHeaders.HOST))) {
            return Mono.error(new ProblemException(
                    ErrorCode.ORIGIN_NOT_ALLOWED,
                    "Pages of the origin " + origin
                            + " may not call this server; add it to heliograph.allowed-origins"));
        }
        HttpHeaders response = exchange.getResponse().getHeaders();
        response.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (origins.listed(origin)) {
            response.setAccessControlAllowOrigin(origin);
            response.setAccessControlExposeHeaders(Cors.RESPONSE_HEADERS);
        }
        if (CorsUtils.isPreFlightRequest(exchange.getRequest())) {
            response.setAccessControlAllowMethods(Cors.METHODS);
            response.setAccessControlAllowHeaders(Cors.REQUEST_HEADERS);
            response.setAccessControlMaxAge(600);
            exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
            return exchange.getResponse().setComplete();
        }
        return chain.filter(exchange);
    }
}
