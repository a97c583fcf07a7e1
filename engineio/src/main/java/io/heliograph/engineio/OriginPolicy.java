package io.heliograph.engineio;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may connect: the defence against cross-site WebSocket hijacking, and what CORS answers.
 *
 * <p>A request without an {@code Origin} header does not come from a page's script, and is not judged here. Immutable.
 *
 * @param any whether every origin is allowed
 * @param same whether a page may connect to the host that it was loaded from
 * @param origins further origins, as {@code scheme://host[:port]} in lower case
 * @param credentials whether browsers may send cookies across origins
 * Source: RFC 6454; Fetch standard, "CORS protocol"; RFC 6455 section 10.2.
 */
public record OriginPolicy(boolean any, boolean same, Set<String> origins, boolean credentials) {

    public OriginPolicy {
        origins = Set.copyOf(origins);
        for (String origin : origins) {
            if (!origin.matches("[a-z][a-z0-9+.-]*://[^/\\s]+") || !origin.equals(origin.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "origin is \"" + origin + "\", expected scheme://host[:port] in lower case, without a path");
            }
        }
    }

    /** Only pages from the host that serves them. */
    public static OriginPolicy sameOrigin() {
        return new OriginPolicy(false, true, Set.of(), false);
    }

    /** The same host, and these origins, with cookies. */
    public static OriginPolicy allow(Set<String> origins) {
        return new OriginPolicy(false, true, origins, true);
    }

    /** Every page, without cookies. */
    public static OriginPolicy allowAny() {
        return new OriginPolicy(true, true, Set.of(), false);
    }

    /** Whether a request with these headers may be served. */
    boolean allows(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        return origin == null || any || origins.contains(origin.toLowerCase(Locale.ROOT)) || isSame(origin, headers);
    }

    /** Adds what a browser needs to let a page of an allowed origin read the answer. */
    void addTo(HttpHeaders response, HttpHeaders request) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return;
        }
        response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, any && !credentials ? "*" : origin);
        response.set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        if (credentials) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }

    /** Adds the answer to a preflight. */
    void addPreflightTo(HttpHeaders response, HttpHeaders request) {
        addTo(response, request);
        response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET,POST");
        String headers = request.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (headers != null) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
        response.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
    }

    /** Compares host and port only: behind a proxy that ends TLS, the scheme seen here is not the page's. */
    private boolean isSame(String origin, HttpHeaders headers) {
        String host = headers.get(HttpHeaderNames.HOST);
        return same && host != null && host.equalsIgnoreCase(authority(origin));
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
