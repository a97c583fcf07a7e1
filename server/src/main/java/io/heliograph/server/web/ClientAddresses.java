package io.heliograph.server.web;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Finds the client's address of a request. Only proxies of {@code heliograph.trusted-proxies} are trusted: beginning
 * with the peer, each trusted address is replaced by the address that it forwards for, until one is not trusted. {@code
 * Forwarded} is read when there is no {@code X-Forwarded-For}.
 *
 * <p>Immutable. Source: RFC 7239.
 */
public final class ClientAddresses {
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    private static final int MAX_HOPS = 32;

    private final List<AddressRange> trusted;

    public ClientAddresses(PeerSettings settings) {
        trusted = settings.trustedProxies().stream()
                .map(text -> AddressRange.parse(text).orElseThrow())
                .toList();
    }

    /** The client's address; empty when the connection has none. */
    public Optional<InetAddress> of(ServerHttpRequest request) {
        InetSocketAddress remote = request.getRemoteAddress();
        HttpHeaders headers = request.getHeaders();
        return of(
                remote == null ? null : remote.getAddress(),
                headers.getOrEmpty(X_FORWARDED_FOR),
                headers.getOrEmpty(FORWARDED));
    }

    /**
     * The client's address behind {@code peer}.
     *
     * @param xForwardedFor the values of that header, in their order
     * @param forwarded the values of that header, in their order
     */
    public Optional<InetAddress> of(@Nullable InetAddress peer, List<String> xForwardedFor, List<String> forwarded) {
        if (peer == null || !isTrusted(peer)) {
            return Optional.ofNullable(peer);
        }
        List<String> hops = xForwardedFor.isEmpty() ? forwardedHops(forwarded) : plainHops(xForwardedFor);
        InetAddress client = peer;
        for (int index = hops.size() - 1; index >= Math.max(0, hops.size() - MAX_HOPS) && isTrusted(client); index--) {
            Optional<InetAddress> next = address(hops.get(index));
            if (next.isEmpty()) {
                break;
            }
            client = next.get();
        }
        return Optional.of(client);
    }

    /** Whether {@code address} is of this machine or a trusted proxy; limits per address do not apply to it. */
    public boolean isExempt(InetAddress address) {
        return address.isLoopbackAddress() || isTrusted(address);
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }

    private static List<String> plainHops(List<String> values) {
        return values.stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .toList();
    }

    /** The {@code for} parameters; an element without one is a hop that is not known. */
    private static List<String> forwardedHops(List<String> values) {
        List<String> hops = new ArrayList<>();
        for (String value : values) {
            for (String element : value.split(",", -1)) {
                String hop = "";
                for (String pair : element.split(";", -1)) {
                    String[] parts = pair.strip().split("=", 2);
                    if (parts.length == 2
                            && parts[0].strip().toLowerCase(Locale.ROOT).equals("for")) {
                        hop = parts[1].strip().replace("\"", "");
                    }
                }
                hops.add(hop);
            }
        }
        return hops;
    }

    /** A literal address, with or without a port; never a name. */
    private static Optional<InetAddress> address(String hop) {
        String text = hop;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            text = end < 0 ? "" : text.substring(1, end);
        } else if (text.indexOf(':') > 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            text = text.substring(0, text.indexOf(':'));
        }
        return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(text));
    }
}
