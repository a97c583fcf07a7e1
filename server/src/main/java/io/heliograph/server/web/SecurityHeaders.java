package io.heliograph.server.web;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The security headers of all responses. Scripts, workers and connections are restricted to the server's origin; inline
 * styles are allowed, because Mantine computes some; framing is forbidden.
 */
public final class SecurityHeaders {
    private static final String POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";
    private static final String REST =
            "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; manifest-src 'self'; "
                    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private SecurityHeaders() {}

    /**
     * Gives each header to {@code header}.
     *
     * @param host of the request
     */
    public static void forEach(@Nullable String host, BiConsumer<String, String> header) {
        header.accept("Content-Security-Policy", POLICY + sockets(host) + REST);
        header.accept("X-Content-Type-Options", "nosniff");
        header.accept("X-Frame-Options", "DENY");
        header.accept("Referrer-Policy", "no-referrer");
        header.accept("Cross-Origin-Opener-Policy", "same-origin");
        header.accept("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    }

    /** In some browsers {@code 'self'} does not include WebSockets of the same host. */
    private static String sockets(@Nullable String host) {
        return host != null && HostHeader.parse(host).isPresent() ? " ws://" + host + " wss://" + host : "";
    }
}
