package io.heliograph.spring;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Stops the start on Spring Boot 3, before a class that it does not have is looked for. Uses only what both versions have.
 */
final class SpringBootVersionCheck implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {
    private static final int FIRST_SUPPORTED = 4;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        check(SpringBootVersion.getVersion());
    }

    static void check(String version) {
        int dot = version.indexOf('.');
        if (Integer.parseInt(version.substring(0, dot)) < FIRST_SUPPORTED) {
            throw new HeliographStartException(
                    "heliograph-spring-boot-starter needs Spring Boot 4 with Jackson 3, and this application runs on Spring"
                            + " Boot " + version,
                    "Upgrade to Spring Boot 4, or run Heliograph beside the service and publish events over REST"
                            + " (POST /v1/events).");
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
