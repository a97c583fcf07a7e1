package io.heliograph.server.operations;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/** Times each request by its route. Paths contain ids, so time series per path would be unbounded. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
final class RequestMetricsFilter implements WebFilter {
    private final MeterRegistry registry;

    RequestMetricsFilter(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Timer.Sample begun = Timer.start(registry);
        return chain.filter(exchange)
                .doOnError(_ -> exchange.getResponse().beforeCommit(() -> {
                    record(exchange, begun);
                    return Mono.empty();
                }))
                .doOnSuccess(_ -> record(exchange, begun))
                .doOnCancel(() -> record(exchange, begun));
    }

    private void record(ServerWebExchange exchange, Timer.Sample begun) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        PathPattern pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        begun.stop(registry.timer(
                "heliograph.http.requests",
                List.of(
                        Tag.of("method", method(exchange)),
                        Tag.of("route", pattern == null ? "none" : pattern.getPatternString()),
                        Tag.of("status", status == null ? "200" : String.valueOf(status.value())))));
    }

    /** Unknown methods share one time series. */
    private static String method(ServerWebExchange exchange) {
        String method = exchange.getRequest().getMethod().name();
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "other";
        };
    }
}
