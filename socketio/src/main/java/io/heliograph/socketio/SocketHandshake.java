package io.heliograph.socketio;

import io.heliograph.engineio.Handshake;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a client brought along: the HTTP request that began its session, and the payload of its CONNECT. Immutable.
 *
 * <p>Source: Node's {@code Handshake}; its {@code time} is {@code issued} as text.
 *
 * @param headers the request's headers in the order in which they came, names in lower case
 * @param query the parameters of {@code url}, each with its last value
 * @param address the IP address of the TCP connection's peer as text; a proxy's when there is one
 * @param secure whether the connection to this process is encrypted
 * @param auth what the client sent along with CONNECT: an object, empty when it sent nothing or when that was erased
 * @param issued when the request came
 * @param url path and query as they came
 * @param xdomain whether the request has an {@code Origin} header, as those of a page's script have
 */
public record SocketHandshake(
        Map<String, List<String>> headers,
        Map<String, String> query,
        String address,
        boolean secure,
        JsonNode auth,
        Instant issued,
        String url,
        boolean xdomain) {

    /** Copies headers and query. */
    public SocketHandshake {
        headers = copy(headers);
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(auth, "auth");
        Objects.requireNonNull(issued, "issued");
        Objects.requireNonNull(url, "url");
    }

    static SocketHandshake of(Handshake request, JsonNode auth) {
        return new SocketHandshake(
                request.headers(),
                request.query(),
                request.address(),
                request.secure(),
                auth,
                request.time(),
                request.uri(),
                request.xdomain());
    }

    /** The first value of a header; {@code name} in any case. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** Address and time only: headers, query and auth may hold secrets. */
    @Override
    public String toString() {
        return "SocketHandshake[" + address + ", " + issued + "]";
    }

    private static Map<String, List<String>> copy(Map<String, List<String>> headers) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return Collections.unmodifiableMap(copy);
    }
}
