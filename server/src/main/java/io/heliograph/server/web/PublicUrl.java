package io.heliograph.server.web;

import java.util.function.IntSupplier;

/**
 * The server's address as browsers see it, for links. Safe from any thread; without a {@code heliograph.public-url} it
 * is only known once the server listens.
 */
public final class PublicUrl {
    private final ServerSettings settings;
    private final IntSupplier boundPort;

    public PublicUrl(ServerSettings settings, IntSupplier boundPort) {
        this.settings = settings;
        this.boundPort = boundPort;
    }

    /** Scheme, host and port, such as {@code http://127.0.0.1:8080}; it never ends in a slash. */
    public String origin() {
        if (!settings.publicUrl().isEmpty()) {
            return settings.publicUrl();
        }
        String host = settings.host();
        if (host.equals("0.0.0.0") || host.equals("::")) {
            host = "127.0.0.1";
        }
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + boundPort.getAsInt();
    }

    /** The port that the server listens on. */
    public int port() {
        return boundPort.getAsInt();
    }

    /** An absolute link; {@code path} begins with a slash. */
    public String link(String path) {
        return origin() + path;
    }

    /** Whether browsers come over TLS: cookies are {@code Secure} then. */
    public boolean secure() {
        return settings.publicUrl().startsWith("https:");
    }
}
