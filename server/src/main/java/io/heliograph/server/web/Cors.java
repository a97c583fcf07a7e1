package io.heliograph.server.web;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** The CORS response headers. Source: Fetch standard, "CORS protocol". */
public final class Cors {
    static final List<HttpMethod> METHODS =
            List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);
    static final List<String> REQUEST_HEADERS = List.of(
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Last-Event-ID",
            "traceparent",
            "tracestate",
            "baggage");
    static final List<String> RESPONSE_HEADERS = List.of(
            "Date",
            "ETag",
            "Location",
            "Retry-After",
            "Heliograph-Cursor",
            "Idempotency-Replayed",
            "RateLimit",
            "RateLimit-Policy");

    private Cors() {}

    /**
     * Adds the headers that let a page of {@code origin} read a response that bypassed the filters.
     *
     * @param origin absent when the request has none, or when it was malformed before its headers; then any page may
     *     read the response, which contains nothing private
     */
    public static void ofRefusal(Origins origins, @Nullable String origin, BiConsumer<String, String> header) {
        if (origin == null) {
            header.accept("Access-Control-Allow-Origin", "*");
        } else if (origins.listed(origin)) {
            header.accept("Access-Control-Allow-Origin", origin);
        } else {
            return;
        }
        header.accept("Access-Control-Expose-Headers", String.join(", ", RESPONSE_HEADERS));
        header.accept("Vary", "Origin");
    }
}
