package io.heliograph.server.workspaces;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** Wires identity into the web. */
@Configuration(proxyBeanMethods = false)
class WorkspacesConfiguration {

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
    RevocationFeed revocations(Identity identity) {
        return identity.revocations();
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
