package io.heliograph.engineio;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may connect: the defence against cross-site WebSocket hijacking, and what CORS answers.
 *
 * <p>A request without an {@code Origin} header does not come from a page's script, and is not judged here. Origins are
 * compared without regard to case, and a scheme's own port is the same as none. Immutable.
 *
 * <p>Source: RFC 6454; Fetch standard, "CORS protocol"; RFC 6455 section 10.2.
 */
public final class OriginPolicy {
    private static final Pattern ORIGIN = Pattern.compile("([a-z][a-z0-9+.-]*)://([^/?#@\\s]+)");

    private final Rule rule;
    private final boolean any;
    private final boolean credentials;

    private OriginPolicy(Rule rule, boolean any, boolean credentials) {
        this.rule = rule;
        this.any = any;
        this.credentials = credentials;
    }

    /** Decides about one origin. Called on event loops: it must not block. */
    @FunctionalInterface
    public interface Rule {
        /**
         * Whether pages of {@code origin} may connect.
         *
         * @param origin the header's value
         * @param host the {@code Host} header's value; absent when there is none
         */
        boolean allows(String origin, @Nullable String host);
    }

    /** Only pages from the host that serves them. */
    public static OriginPolicy sameOrigin() {
        return new OriginPolicy(OriginPolicy::isSame, false, false);
    }

    /** The same host, and these origins ({@code scheme://host[:port]}), with cookies. */
    public static OriginPolicy allow(Set<String> origins) {
        Set<String> allowed = origins.stream()
                .map(origin -> normal(origin)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "origin is \"" + origin + "\", expected scheme://host[:port] without a path")))
                .collect(Collectors.toUnmodifiableSet());
        return decidedBy(
                (origin, host) -> normal(origin).filter(allowed::contains).isPresent() || isSame(origin, host));
    }

    /** Every page, without cookies. */
    public static OriginPolicy allowAny() {
        return new OriginPolicy((origin, host) -> true, true, false);
    }

    /** Those that {@code rule} allows, with cookies. */
    public static OriginPolicy decidedBy(Rule rule) {
        return new OriginPolicy(rule, false, true);
    }

    /** Whether a request with these headers may be served. */
    boolean allows(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        return origin == null || rule.allows(origin, headers.get(HttpHeaderNames.HOST));
    }

    /** Adds what a browser needs to let a page of an allowed origin read the answer. */
    void addTo(HttpHeaders response, HttpHeaders request) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return;
        }
        response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, any ? "*" : origin);
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
    private static boolean isSame(String origin, @Nullable String host) {
        if (host == null || host.isEmpty()) {
            return false;
        }
        boolean secure = origin.regionMatches(true, 0, "https:", 0, 6);
        if (!secure && !origin.regionMatches(true, 0, "http:", 0, 5)) {
            return false;
        }
        return normal(origin).equals(normal((secure ? "https://" : "http://") + host));
    }

    /** In lower case and without the scheme's own port; empty when it is no origin. */
    private static Optional<String> normal(String text) {
        Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String scheme = matcher.group(1);
        String ownPort = scheme.equals("https") ? ":443" : scheme.equals("http") ? ":80" : "";
        String authority = matcher.group(2);
        return Optional.of(scheme
                + "://"
                + (!ownPort.isEmpty() && authority.endsWith(ownPort)
                        ? authority.substring(0, authority.length() - ownPort.length())
                        : authority));
    }
}
