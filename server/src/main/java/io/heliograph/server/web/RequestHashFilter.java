package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Computes the fingerprint of a changing request with an {@code Idempotency-Key}, so that {@link Commands} can
 * distinguish a repetition from another request. It reads the body once, up to the maximum size, and passes it on. A
 * malformed key is rejected with every method, so that a request that the caller believes to be repeatable is never run
 * without its key.
 */
@Component
@Order(100)
final class RequestHashFilter implements WebFilter {
    static final String HEADER = "Idempotency-Key";
    private static final Set<HttpMethod> CHANGING =
            Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);
    private static final Pattern SHAPE = Pattern.compile("[!-~]{1,255}");

    private final ServerSettings settings;

    RequestHashFilter(ServerSettings settings) {
        this.settings = settings;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        List<String> keys = request.getHeaders().getOrDefault(HEADER, List.of());
        if (keys.isEmpty()) {
            return chain.filter(exchange);
        }
        String key = keys.getFirst();
        if (keys.size() > 1 || !SHAPE.matcher(key).matches()) {
            return Mono.error(new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "Idempotency-Key must be one header of 1 to 255 visible ASCII characters, such as a UUID; leave it"
                            + " out for a request that is not to be repeated"));
        }
        if (!CHANGING.contains(request.getMethod())) {
            return chain.filter(exchange);
        }
        return DataBufferUtils.join(request.getBody(), (int) settings.maxBody().toBytes())
                .map(RequestHashFilter::bytes)
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> {
                    exchange.getAttributes().put(HEADER, new Fingerprint(key, hash(request, body)));
                    return chain.filter(exchange.mutate()
                            .request(new Replayed(request, body))
                            .build());
                });
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static String hash(ServerHttpRequest request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.getMethod() + " " + request.getURI().getRawPath() + "?"
                            + request.getURI().getRawQuery() + "\n"
                            + request.getHeaders().getOrDefault(HttpHeaders.IF_MATCH, List.of()) + "\n")
                    .getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class Replayed extends ServerHttpRequestDecorator {
        private final byte[] body;

        Replayed(ServerHttpRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return body.length == 0
                    ? Flux.empty()
                    : Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
        }
    }
}
