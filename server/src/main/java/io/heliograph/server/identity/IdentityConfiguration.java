package io.heliograph.server.identity;

import io.heliograph.eventlog.EventLog;
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

/** Wires identity into the web. */
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
    CredentialWatch credentialWatch(Credentials credentials, Revocations revocations, Clock clock) {
        return new CredentialWatch(credentials, revocations, clock);
    }

    /** Nothing looks at a session any more once the last token that it gave has expired, which took a day at most. */
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
