package io.heliograph.server.identity;

import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.limits.RateLimit;
import io.heliograph.server.limits.RateLimiter;
import io.heliograph.server.web.ApiPath;
import io.heliograph.server.web.ClientAddresses;
import java.net.Inet6Address;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Limits how many calls without a valid credential one address makes: unknown keys, tokens and sign-in codes. Past the
 * limit no credential of that address is verified, so that guessing does not load the database. Valid calls do not
 * count.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 15) // before the filter that verifies credentials
final class FailedCredentialsFilter implements WebFilter {
    private static final int NETWORK_BYTES = 8;

    private final RateLimiter limiter;
    private final ClientAddresses addresses;

    FailedCredentialsFilter(RateLimiter limiter, ClientAddresses addresses) {
        this.limiter = limiter;
        this.addresses = addresses;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Optional<String> client = client(exchange.getRequest());
        if (client.isEmpty() || !ApiPath.isApi(exchange.getRequest())) {
            return chain.filter(exchange);
        }
        RateLimiter.Allowance standing = limiter.look(RateLimit.FAILED_CREDENTIALS, client.get());
        if (!standing.granted()) {
            return Mono.error(limiter.refusal(standing, "Your address"));
        }
        return chain.filter(exchange).doOnError(ProblemException.class, problem -> {
            if (problem.code().status() == 401) {
                limiter.charge(RateLimit.FAILED_CREDENTIALS, client.get());
            }
        });
    }

    /** The client to count: an IPv6 network of 64 bits is one client. Empty for this machine and trusted proxies. */
    private Optional<String> client(ServerHttpRequest request) {
        return addresses
                .of(request)
                .filter(address -> !addresses.isExempt(address))
                .map(address -> address instanceof Inet6Address
                        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                        : address.getHostAddress());
    }
}
