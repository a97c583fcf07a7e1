package io.heliograph.engineio;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The first HTTP request of a session.
 *
 * <p>Shape: kept small, since it lives as long as the session: headers are packed into one string of {@code name: value}
 * lines, and taken apart when asked for. Header names are in lower case. Immutable.
 */
public final class Handshake {

    private final String uri;
    private final String packedHeaders;
    private final SocketAddress remoteAddress;
    private final boolean secure;
    private final long issuedMillis;

    Handshake(String uri, HttpHeaders headers, SocketAddress remoteAddress, boolean secure, long issuedMillis) {
        this.uri = uri;
        this.packedHeaders = pack(headers);
        this.remoteAddress = remoteAddress;
        this.secure = secure;
        this.issuedMillis = issuedMillis;
    }

    /** Path and query as they came. */
    public String uri() {
        return uri;
    }

    /** The query's parameters, each with its last value, as in Node. */
    public Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        new QueryStringDecoder(uri).parameters().forEach((name, values) -> query.put(name, values.getLast()));
        return query;
    }

    /** All headers in the order in which they came, names in lower case. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line : packedHeaders.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), n -> new ArrayList<>(1))
                        .add(line.substring(colon + 1));
            }
        }
        return headers;
    }

    /** The first value of a header; {@code name} in any case. */
    public Optional<String> header(String name) {
        String key = "\n" + name.toLowerCase(Locale.ROOT) + ":";
        int at = packedHeaders.indexOf(key);
        if (at < 0) {
            return Optional.empty();
        }
        int from = at + key.length();
        return Optional.of(packedHeaders.substring(from, packedHeaders.indexOf('\n', from)));
    }

    /** The peer of the TCP connection; a proxy's when there is one. */
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** The peer's IP address as text, or what the channel calls it. */
    public String address() {
        return remoteAddress instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(remoteAddress);
    }

    /** Whether the connection to this process is encrypted. */
    public boolean secure() {
        return secure;
    }

    /** Whether the request came from a page's script: it has an {@code Origin} header. */
    public boolean xdomain() {
        return header(HttpHeaderNames.ORIGIN.toString()).isPresent();
    }

    /** When it came, by the server's clock. */
    public Instant time() {
        return Instant.ofEpochMilli(issuedMillis);
    }

    /** A newline before each name and after the last value; no header value can contain one. */
    private static String pack(HttpHeaders headers) {
        StringBuilder packed = new StringBuilder(256);
        headers.iteratorCharSequence()
                .forEachRemaining(header -> packed.append('\n')
                        .append(header.getKey().toString().toLowerCase(Locale.ROOT))
                        .append(':')
                        .append(header.getValue()));
        return packed.append('\n').toString();
    }
}
