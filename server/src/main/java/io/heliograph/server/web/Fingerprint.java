package io.heliograph.server.web;

import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * The {@code Idempotency-Key} of a request with the hash of its method, path, If-Match and body. Immutable.
 *
 * @param hash SHA-256 in hexadecimal
 */
public record Fingerprint(String key, String hash) {

    /** The fingerprint of the exchange's request; empty when it has no {@code Idempotency-Key}. */
    public static Optional<Fingerprint> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(RequestHashFilter.HEADER));
    }
}
