package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.limits.LimitSettings;
import io.heliograph.server.limits.RateLimiter;
import io.heliograph.server.web.ClientAddresses;
import io.heliograph.server.web.PeerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Guessing credentials: on the old code each guess was looked up in the database, without end. */
final class FailedCredentialsFilterTest {
    private static final TimeMeter STANDING_CLOCK = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return 0;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };

    private static final Binder SETTINGS = new Binder(new MapConfigurationPropertySource(Map.of(
            "heliograph.limits.failed-credentials-per-second", "1",
            "heliograph.limits.failed-credentials-burst", "3",
            "heliograph.trusted-proxies", "192.0.2.1")));

    private final FailedCredentialsFilter filter = new FailedCredentialsFilter(
            new RateLimiter(
                    SETTINGS.bindOrCreate("heliograph.limits", LimitSettings.class),
                    STANDING_CLOCK,
                    new SimpleMeterRegistry()),
            new ClientAddresses(SETTINGS.bindOrCreate("heliograph", PeerSettings.class)));
    private final AtomicInteger looked = new AtomicInteger();

    @Test
    void pastTheLimitNoCredentialOfTheAddressIsLookedAt() {
        for (int guess = 0; guess < 3; guess++) {
            assertThatThrownBy(() -> call("203.0.113.9", "/v1/sign-in", unknown()))
                    .hasMessageContaining("unknown");
        }

        assertThatThrownBy(() -> call("203.0.113.9", "/v1/whoami", Mono.empty()))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
                    assertThat(problem.getMessage()).contains("heliograph.limits.failed-credentials-per-second");
                });
        assertThat(looked).hasValue(3);
        call("203.0.113.10", "/v1/whoami", Mono.empty());
        call("203.0.113.9", "/health/live", Mono.empty());
        assertThat(looked).hasValue(5);
    }

    @Test
    void validCallsAndOtherFailuresDoNotCount() {
        for (int calls = 0; calls < 10; calls++) {
            call("203.0.113.9", "/v1/whoami", Mono.empty());
            assertThatThrownBy(() -> call(
                            "203.0.113.9",
                            "/v1/approvals/apr_1",
                            Mono.error(new ProblemException(ErrorCode.NOT_FOUND, "nothing"))))
                    .hasMessage("nothing");
        }

        assertThat(looked).hasValue(20);
    }

    @Test
    void anIpv6NetworkIsOneClient() {
        for (int guess = 0; guess < 3; guess++) {
            String address = "2001:db8:1:2::" + guess;
            assertThatThrownBy(() -> call(address, "/v1/whoami", unknown())).hasMessageContaining("unknown");
        }

        assertThatThrownBy(() -> call("2001:db8:1:2:ffff::1", "/v1/whoami", Mono.empty()))
                .isInstanceOf(ProblemException.class);
        call("2001:db8:1:3::1", "/v1/whoami", Mono.empty());
    }

    @Test
    void thisMachineDoesNotCount() {
        for (int guess = 0; guess < 20; guess++) {
            assertThatThrownBy(() -> call("127.0.0.1", "/v1/whoami", unknown())).hasMessageContaining("unknown");
            assertThatThrownBy(() -> call("::1", "/v1/whoami", unknown())).hasMessageContaining("unknown");
        }

        assertThat(looked).hasValue(40);
    }

    @Test
    void aTrustedProxyCountsForTheClientsBehindIt() {
        for (int guess = 0; guess < 3; guess++) {
            assertThatThrownBy(() -> callBehindProxy("203.0.113.9", unknown())).hasMessageContaining("unknown");
        }

        assertThatThrownBy(() -> callBehindProxy("203.0.113.9", Mono.empty())).isInstanceOf(ProblemException.class);
        callBehindProxy("203.0.113.10", Mono.empty());
        assertThat(looked).hasValue(4);
    }

    private void callBehindProxy(String client, Mono<Void> outcome) {
        run(
                MockServerHttpRequest.get("/v1/whoami")
                        .remoteAddress(new InetSocketAddress("192.0.2.1", 4711))
                        .header("X-Forwarded-For", client)
                        .build(),
                outcome);
    }

    private void call(String address, String path, Mono<Void> outcome) {
        run(
                MockServerHttpRequest.post(path)
                        .remoteAddress(new InetSocketAddress(address, 4711))
                        .build(),
                outcome);
    }

    private void run(MockServerHttpRequest request, Mono<Void> outcome) {
        filter.filter(MockServerWebExchange.from(request), _ -> {
                    looked.incrementAndGet();
                    return outcome;
                })
                .block();
    }

    private static Mono<Void> unknown() {
        return Mono.error(new ProblemException(ErrorCode.TOKEN_INVALID, "unknown"));
    }
}
