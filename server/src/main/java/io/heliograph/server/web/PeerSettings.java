package io.heliograph.server.web;

import io.heliograph.server.errors.InvalidSettingException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The trusted proxies, and the host names that the server answers to.
 *
 * @param trustedProxies addresses and CIDR ranges whose {@code X-Forwarded-For} is read
 * @param allowedHosts host names, without a port, that are served beside that of {@code heliograph.public-url}; in lower
 *     case
 */
@ConfigurationProperties("heliograph")
public record PeerSettings(
        @DefaultValue List<String> trustedProxies,
        @DefaultValue List<String> allowedHosts) {

    public PeerSettings {
        trustedProxies = List.copyOf(trustedProxies);
        for (String proxy : trustedProxies) {
            InvalidSettingException.check(
                    AddressRange.parse(proxy).isPresent(),
                    "heliograph.trusted-proxies",
                    proxy,
                    "IP addresses or CIDR ranges such as 10.0.0.0/8, separated by commas");
        }
        allowedHosts = allowedHosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .toList();
        for (String host : allowedHosts) {
            InvalidSettingException.check(
                    HostHeader.parse(host)
                            .filter(parsed -> parsed.port().isEmpty())
                            .isPresent(),
                    "heliograph.allowed-hosts",
                    host,
                    "host names without a port, separated by commas");
        }
    }

    /** The names of the hosts that the server answers to; all when none is set. */
    public Set<String> servedHosts(ServerSettings server) {
        Set<String> served = new HashSet<>(allowedHosts);
        if (!server.publicUrl().isEmpty()) {
            String authority = URI.create(server.publicUrl()).getRawAuthority();
            HostHeader.parse(authority).map(HostHeader::name).ifPresent(served::add);
        }
        return Set.copyOf(served);
    }
}
