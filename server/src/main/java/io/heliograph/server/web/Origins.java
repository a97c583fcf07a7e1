package io.heliograph.server.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which pages may call the server from a browser: its own, and those of {@code heliograph.allowed-origins}.
 * REST, the cookie's endpoints and sockets use the same comparison: it ignores case, and a scheme's default port equals
 * none. Safe from any thread.
 */
public final class Origins {
    private static final Logger LOG = LoggerFactory.getLogger(Origins.class);
    private static final String ANY = "*";
    private static final Pattern SHAPE =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._~%-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    private final boolean any;
    private final Set<String> allowed;
    private final Optional<String> publicUrl;
    private final Counter refused;
    private final LogThrottle throttle = new LogThrottle();

    public Origins(ServerSettings settings, MeterRegistry registry) {
        any = settings.allowedOrigins().contains(ANY);
        allowed = settings.allowedOrigins().stream()
                .flatMap(origin -> normal(origin).stream())
                .collect(Collectors.toUnmodifiableSet());
        publicUrl = normal(settings.publicUrl());
        refused = registry.counter("heliograph.http.origins.refused", "setting", "heliograph.allowed-origins");
    }

    /** Whether {@code text} is a scheme, a host and at most a port, as browsers write an origin. */
    static boolean isOrigin(String text) {
        return normal(text).isPresent();
    }

    /**
     * Whether a request may come from {@code origin}; one that may not is counted and logged.
     *
     * @param origin of the header; absent when the client is no browser, or the page is the server's own
     * @param host of the request's {@code Host} header
     */
    public boolean admit(@Nullable String origin, @Nullable String host) {
        if (allows(origin, host)) {
            return true;
        }
        refused.increment();
        throttle.permit()
                .ifPresent(others -> LOG.warn(
                        "refused a page of the origin {}; heliograph.allowed-origins does not list it ({} more since the last"
                                + " such line)",
                        LogThrottle.printable(String.valueOf(origin)),
                        others));
        return false;
    }

    /** As {@link #admit}, without counting or logging. */
    public boolean allows(@Nullable String origin, @Nullable String host) {
        return origin == null || sameOrigin(origin, host) || listed(origin);
    }

    /** Whether a request comes from the server's own page, or from no page at all. */
    public boolean isOwn(@Nullable String origin, @Nullable String host) {
        return origin == null || sameOrigin(origin, host);
    }

    /** Whether pages of any origin may call the server. */
    public boolean any() {
        return any;
    }

    /** Whether {@code origin} is another one than the server's own, and on the list. */
    public boolean listed(String origin) {
        return any || normal(origin).filter(allowed::contains).isPresent();
    }

    private boolean sameOrigin(String origin, @Nullable String host) {
        Optional<String> normal = normal(origin);
        return normal.isPresent() && (normal.equals(publicUrl) || (host != null && isAt(normal.get(), host)));
    }

    /** Whether a page of a web server at {@code host} has this origin; whether over TLS is not known behind a proxy. */
    private static boolean isAt(String origin, String host) {
        String scheme = origin.substring(0, origin.indexOf(':'));
        return (scheme.equals("http") || scheme.equals("https"))
                && normal(scheme + "://" + host).filter(origin::equals).isPresent();
    }

    /** In lower case and without the scheme's default port; empty when it is no origin. */
    private static Optional<String> normal(String text) {
        Matcher matcher = SHAPE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String scheme = matcher.group(1);
        String port = matcher.group(3) == null ? "" : matcher.group(3);
        boolean own = (scheme.equals("http") && port.equals(":80")) || (scheme.equals("https") && port.equals(":443"));
        return Optional.of(scheme + "://" + matcher.group(2) + (own ? "" : port));
    }
}
