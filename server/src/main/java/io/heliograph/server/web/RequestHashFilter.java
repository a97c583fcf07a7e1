package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
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
 * Takes the fingerprint of a POST that carries an {@code Idempotency-Key}, so that {@link Idempotency} can tell a
 * repetition from another request. It reads the body once, up to the largest that is allowed, and hands it on.
 */
@Component
@Order(100)
final class RequestHashFilter implements WebFilter {
    static final String HEADER = "Idempotency-Key";
    private static final Pattern SHAPE = Pattern.compile("[!-~]{1,255}");

    private final ServerSettings settings;

    RequestHashFilter(ServerSettings settings) {
        this.settings = settings;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String key = request.getHeaders().getFirst(HEADER);
        if (key == null || !request.getMethod().equals(HttpMethod.POST)) {
            return chain.filter(exchange);
        }
        if (!SHAPE.matcher(key).matches()) {
            return Mono.error(new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID"));
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
                            + request.getURI().getRawQuery() + "\n")
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
