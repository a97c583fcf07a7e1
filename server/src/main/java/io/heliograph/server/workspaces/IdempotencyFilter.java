package io.heliograph.server.workspaces;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.web.Attempt;
import io.heliograph.server.web.Blocking;
import io.heliograph.server.web.Idempotency;
import java.util.Locale;
import java.util.Optional;
import org.reactivestreams.Publisher;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Holds {@code Idempotency-Key} for every POST: a repetition gets the first answer before anything else runs. Where the
 * controller takes an {@link Attempt}, its own transaction stores the answer; for the others, whose work is harmless to
 * repeat, a successful answer is stored here before it is sent. An answer that says {@code no-store} holds a secret and
 * is not stored.
 */
@Component
@Order(110) // behind the filter that takes the request's fingerprint
final class IdempotencyFilter implements WebFilter {
    /** Attribute: the controller stores the answer itself. */
    static final String DONE_INSIDE = IdempotencyFilter.class.getName();

    private final EventLog log;
    private final JdbcClient jdbc;
    private final Idempotency idempotency;

    IdempotencyFilter(EventLog log, JdbcClient jdbc, Idempotency idempotency) {
        this.log = log;
        this.jdbc = jdbc;
        this.idempotency = idempotency;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Verification.Verified verified = exchange.getAttribute(IdentityFilter.VERIFIED);
        if (verified == null) {
            return chain.filter(exchange);
        }
        Attempt attempt = IdentityArguments.attempt(verified.caller(), exchange);
        if (attempt.key().isEmpty()) {
            return chain.filter(exchange);
        }
        return Blocking.call(() -> idempotency.replay(jdbc, attempt))
                .flatMap(first -> first.isPresent()
                        ? send(exchange.getResponse(), first.get())
                        : chain.filter(exchange.mutate()
                                .response(new Kept(exchange, attempt))
                                .build()));
    }

    private static Mono<Void> send(ServerHttpResponse response, ResponseEntity<byte[]> answer) {
        response.setStatusCode(answer.getStatusCode());
        response.getHeaders().putAll(answer.getHeaders());
        byte[] body = answer.getBody();
        return body == null
                ? response.setComplete()
                : response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    /** A response that is stored before it is sent. */
    private final class Kept extends ServerHttpResponseDecorator {
        private final ServerWebExchange exchange;
        private final Attempt attempt;

        Kept(ServerWebExchange exchange, Attempt attempt) {
            super(exchange.getResponse());
            this.exchange = exchange;
            this.attempt = attempt;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            if (!toKeep()) {
                return super.writeWith(body);
            }
            return DataBufferUtils.join(Flux.from(body)).flatMap(buffer -> {
                byte[] bytes = new byte[buffer.readableByteCount()];
                buffer.read(bytes);
                DataBufferUtils.release(buffer);
                return keep(Optional.of(bytes))
                        .then(super.writeWith(
                                Mono.fromSupplier(() -> bufferFactory().wrap(bytes))));
            });
        }

        @Override
        public Mono<Void> setComplete() {
            return toKeep() ? keep(Optional.empty()).then(super.setComplete()) : super.setComplete();
        }

        private boolean toKeep() {
            HttpStatusCode status = getStatusCode();
            String cacheControl = getHeaders().getCacheControl();
            return (status == null || status.is2xxSuccessful())
                    && exchange.getAttribute(DONE_INSIDE) == null
                    && (cacheControl == null || !cacheControl.contains("no-store"));
        }

        private Mono<Boolean> keep(Optional<byte[]> body) {
            HttpHeaders headers = new HttpHeaders();
            getHeaders().forEach((name, values) -> {
                if (isPartOfTheAnswer(name)) {
                    headers.put(name, values);
                }
            });
            HttpStatusCode status = getStatusCode();
            ResponseEntity<byte[]> answer = ResponseEntity.status(status == null ? HttpStatusCode.valueOf(200) : status)
                    .headers(headers)
                    .body(body.orElse(null));
            return Blocking.call(() -> log.write(attempt.workspace(), transaction -> {
                idempotency.keep(transaction, attempt, answer);
                return true;
            }));
        }

        /** Not those that filters add to every answer. */
        private static boolean isPartOfTheAnswer(String header) {
            return switch (header.toLowerCase(Locale.ROOT)) {
                case "content-type", "etag", "location", "heliograph-cursor" -> true;
                default -> false;
            };
        }
    }
}
