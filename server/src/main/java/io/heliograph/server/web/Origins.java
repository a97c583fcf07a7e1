package io.heliograph.server.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may call the server from a browser: its own, and those of {@code heliograph.allowed-origins}. Holds for
 * REST, for the cookie's endpoints and for WebSocket handshakes. Safe from any thread.
 */
public final class Origins {
    private final List<String> allowed;
    private final String publicUrl;

    public Origins(ServerSettings settings) {
        allowed = settings.allowedOrigins();
        publicUrl = settings.publicUrl();
    }

    /**
     * Whether a request may come from {@code origin}.
     *
     * @param origin of the header; absent when it is no browser that asks, or the page is the server's own
     * @param host of the request's {@code Host} header
     */
    public boolean allows(@Nullable String origin, @Nullable String host) {
        return origin == null || sameOrigin(origin, host) || listed(origin);
    }

    /** Whether a request comes from the server's own page, or from no page at all. */
    public boolean isOwn(@Nullable String origin, @Nullable String host) {
        return origin == null || sameOrigin(origin, host);
    }

    /** Whether {@code origin} is another one than the server's own, and on the list. */
    boolean listed(String origin) {
        return allowed.contains("*") || allowed.contains(origin);
    }

    private boolean sameOrigin(String origin, @Nullable String host) {
        return origin.equals(publicUrl)
                || (host != null && (origin.equals("http://" + host) || origin.equals("https://" + host)));
    }
}
