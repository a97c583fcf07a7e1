package io.heliograph.server.http;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.web.HostHeader;
import io.heliograph.server.web.PeerSettings;
import io.heliograph.server.web.ServerSettings;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates a request's head before any other handler sees it. Immutable.
 *
 * <p>Source: RFC 9112 sections 3.2 and 3.3, RFC 3986 section 3.
 */
final class RequestRules {
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#@]*)([/?][^#]*)?");
    private static final String PCHAR = "[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}";
    private static final Pattern PATH = Pattern.compile("/(?:" + PCHAR + "|/)*+");
    /** With the brackets that browsers leave as they are ({@code status[]=pending}); the parameter is then refused by name. */
    private static final Pattern QUERY = Pattern.compile("(?:" + PCHAR + "|[/?\\[\\]])*+");

    private final Set<String> hosts;

    /** Serves all hosts when neither a public URL nor a host is set. */
    RequestRules(ServerSettings server, PeerSettings peers) {
        hosts = peers.servedHosts(server);
    }

    /** Why a request is not served. */
    record Refusal(ErrorCode code, String detail) {
        static Optional<Refusal> invalid(String detail) {
            return Optional.of(new Refusal(ErrorCode.INVALID_REQUEST, detail));
        }
    }

    /** The refusal of {@code request}; when there is none, its target is in origin form afterwards. */
    Optional<Refusal> check(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(undecodable(request.decoderResult().cause()));
        }
        return checkHost(request).or(() -> checkTarget(request)).or(() -> checkServed(request));
    }

    private static Refusal undecodable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                new Refusal(
                        ErrorCode.URI_TOO_LONG, "The request line is longer than 4096 bytes; send less in the query");
            case TooLongHttpHeaderException _ ->
                new Refusal(ErrorCode.HEADERS_TOO_LARGE, "The headers are larger than 8192 bytes together");
            default -> new Refusal(ErrorCode.INVALID_REQUEST, "The request is not valid HTTP/1.1 (RFC 9112)");
        };
    }

    private static Optional<Refusal> checkHost(HttpRequest request) {
        List<String> values = request.headers().getAll(HttpHeaderNames.HOST);
        if (values.isEmpty()) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                    ? Optional.empty()
                    : Refusal.invalid("A Host header is required");
        }
        if (values.size() > 1) {
            return Refusal.invalid("There is more than one Host header");
        }
        return HostHeader.parse(values.getFirst()).isPresent()
                ? Optional.empty()
                : Refusal.invalid("Host must be a name or an address, and at most a port");
    }

    private static Optional<Refusal> checkTarget(HttpRequest request) {
        Matcher absolute = ABSOLUTE.matcher(request.uri());
        if (!request.uri().startsWith("/") && absolute.matches()) {
            if (HostHeader.parse(absolute.group(1)).isEmpty()) {
                return Refusal.invalid("The request target has no host");
            }
            request.headers().set(HttpHeaderNames.HOST, absolute.group(1));
            String rest = absolute.group(2) == null ? "" : absolute.group(2);
            request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        }
        String path = path(request.uri());
        String query =
                request.uri().length() == path.length() ? "" : request.uri().substring(path.length() + 1);
        if (!PATH.matcher(path).matches()) {
            return Refusal.invalid("The path has a character that must be percent-encoded (RFC 3986)");
        }
        if (path.indexOf(';') >= 0) {
            return Refusal.invalid("The path has a semicolon; there are no path parameters here, encode it as %3B");
        }
        return QUERY.matcher(query).matches()
                ? Optional.empty()
                : Refusal.invalid("The query has a character that must be percent-encoded (RFC 3986)");
    }

    private Optional<Refusal> checkServed(HttpRequest request) {
        @Nullable String value = request.headers().get(HttpHeaderNames.HOST);
        if (hosts.isEmpty() || value == null || isForOperators(path(request.uri()))) {
            return Optional.empty();
        }
        HostHeader host = HostHeader.parse(value).orElseThrow();
        return host.loopback() || hosts.contains(host.name())
                ? Optional.empty()
                : Optional.of(
                        new Refusal(
                                ErrorCode.HOST_NOT_ALLOWED,
                                "This server does not answer to the host " + host.name()
                                        + "; heliograph.public-url and heliograph.allowed-hosts name those that it answers to"));
    }

    /** Probes and scrapers use the address as the host. */
    private static boolean isForOperators(String path) {
        String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        return decoded.startsWith("/health/") || decoded.equals("/metrics");
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
