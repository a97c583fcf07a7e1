package io.heliograph.server.identity;

import io.heliograph.eventlog.EventLog;
import io.heliograph.gateway.CredentialGuard;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionTask;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** Wires authentication into the web layer. */
@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {

    @Bean
    Credentials credentials(Identity identity) {
        return identity.credentials();
    }

    @Bean
    Administration administration(Identity identity) {
        return identity.administration();
    }

    @Bean
    Tokens tokens(Identity identity) {
        return identity.tokens();
    }

    /** Closed with the identity that owns it. */
    @Bean(initMethod = "start", destroyMethod = "")
    RevocationFeed revocations(Identity identity, MeterRegistry registry) {
        RevocationFeed feed = identity.revocations();
        TimeGauge.builder(
                        "heliograph.revocations.age",
                        feed,
                        TimeUnit.NANOSECONDS,
                        all -> all.sinceLastRead().toNanos())
                .register(registry);
        FunctionCounter.builder("heliograph.revocations.failures", feed, RevocationFeed::failures)
                .register(registry);
        return feed;
    }

    @Bean
    IdentityAuthenticator identityAuthenticator(Credentials credentials, Clock clock) {
        return new IdentityAuthenticator(credentials, clock);
    }

    @Bean
    CredentialGuard credentialGuard(Revocations revocations, Clock clock) {
        return new CredentialGuard(new RevocationWatch(revocations), clock);
    }

    @Bean
    OpenRequests openRequests(CredentialGuard guard, IdentityAuthenticator authenticator) {
        return new OpenRequests(guard, authenticator::recheck);
    }

    @Bean
    RetentionTask expiredSessionRetention(EventLog log, JdbcClient jdbc, Clock clock) {
        return new AgedRows("sessions", "session", "expires_at", Duration.ofDays(2))
                .removedBy(log, jdbc, clock, Sessions::remove);
    }

    @Bean
    WebFluxConfigurer identityArguments() {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
                configurer.addCustomResolver(new IdentityArguments());
            }
        };
    }
}
