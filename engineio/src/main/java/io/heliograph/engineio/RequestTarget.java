package io.heliograph.engineio;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request line and {@code Host} name. Source: RFC 9112 section 3.2.
 */
final class RequestTarget {
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#@]*)(/[^#]*)");
    private static final Pattern HOST =
            Pattern.compile("(?:([A-Za-z0-9._-]{1,255})|(\\[[0-9A-Fa-f:.]{2,45}]))(?::([0-9]{0,5}))?");
    private static final Pattern LOOPBACK = Pattern.compile("(?:.*\\.)?localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]");

    private static final int MAX_PORT = 65_535;

    private RequestTarget() {}

    /** Path and query, also of a target in absolute form. */
    static String pathAndQuery(String uri) {
        if (uri.startsWith("/")) {
            return uri;
        }
        Matcher absolute = ABSOLUTE.matcher(uri);
        return absolute.matches() ? absolute.group(2) : uri;
    }

    /** Whether a target names {@code path} or what is below it; {@code path} may end with a slash. */
    static boolean isUnder(String path, String uri) {
        String target = pathAndQuery(uri);
        if (!target.startsWith(path)) {
            return false;
        }
        return path.endsWith("/")
                || target.length() == path.length()
                || target.charAt(path.length()) == '/'
                || target.charAt(path.length()) == '?';
    }

    /** Turns a target in absolute form into path and query, and its authority into the request's {@code Host}. */
    static void toOriginForm(HttpRequest request) {
        Matcher absolute = ABSOLUTE.matcher(request.uri());
        if (request.uri().startsWith("/") || !absolute.matches()) {
            return;
        }
        request.setUri(absolute.group(2));
        if (request.headers().getAll(HttpHeaderNames.HOST).size() == 1) {
            request.headers().set(HttpHeaderNames.HOST, absolute.group(1));
        }
    }

    /** The query's parameters; empty when the path or the query is not well encoded. */
    static Optional<Map<String, List<String>>> query(String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        try {
            decoder.path();
            return Optional.of(decoder.parameters());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether there is one well-formed {@code Host}; HTTP/1.0 needs none. */
    static boolean hasValidHost(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty()) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        }
        Matcher host = HOST.matcher(hosts.getFirst());
        return hosts.size() == 1 && host.matches() && isPort(host.group(3));
    }

    /** Whether {@code digits} is a port; a host needs none. */
    private static boolean isPort(@Nullable String digits) {
        return digits == null || digits.isEmpty() || Integer.parseInt(digits) <= MAX_PORT;
    }

    /** The host's name in lower case, without port and final dot; empty when there is none. */
    static String hostName(HttpHeaders headers) {
        Matcher host = HOST.matcher(headers.get(HttpHeaderNames.HOST, ""));
        if (!host.matches()) {
            return "";
        }
        String name = host.group(1) == null ? host.group(2) : host.group(1);
        return name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    }

    /** Whether no page can have this name resolve to another machine. */
    static boolean isLoopback(String hostName) {
        return LOOPBACK.matcher(hostName).matches();
    }
}
