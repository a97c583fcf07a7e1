package io.heliograph.server.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/**
 * Begins a span for each request that may change something, or continues the caller's trace (W3C {@code traceparent}),
 * and propagates it to the threads that work for the request ({@link TraceOnThreads}).
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 4)
final class CommandTraceFilter implements WebFilter {
    private final Tracer tracer;
    private final Propagator propagator;

    CommandTraceFilter(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpMethod method = exchange.getRequest().getMethod();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS)) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> {
            Span span = propagator
                    .extract(exchange.getRequest(), CommandTraceFilter::header)
                    .kind(Span.Kind.SERVER)
                    .name(method.name())
                    .start();
            return chain.filter(exchange)
                    .contextWrite(context -> context.put(TraceOnThreads.KEY, around(span)))
                    .doOnError(span::error)
                    .doFinally(_ -> end(span, exchange));
        });
    }

    private static @Nullable String header(ServerHttpRequest request, String name) {
        return request.getHeaders().getFirst(name);
    }

    private static void end(Span span, ServerWebExchange exchange) {
        String method = exchange.getRequest().getMethod().name();
        span.tag("http.request.method", method);
        PathPattern pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern != null) {
            span.name(method + " " + pattern.getPatternString()).tag("http.route", pattern.getPatternString());
        }
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        span.tag("http.response.status_code", status == null ? 200 : status.value());
        span.end();
    }

    private Context around(Span span) {
        try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
            return Context.current();
        }
    }
}
