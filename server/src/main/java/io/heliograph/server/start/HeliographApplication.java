package io.heliograph.server.start;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebSessionIdResolverAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;

/**
 * The entry point of the process, from which everything else is wired. Spring Boot's auto-configurations are named one
 * by one, because scanning all of them takes a noticeable part of the start.
 */
@SpringBootConfiguration
@ImportAutoConfiguration({
    CodecsAutoConfiguration.class,
    ConfigurationPropertiesAutoConfiguration.class,
    HttpHandlerAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    NettyReactiveWebServerAutoConfiguration.class,
    PropertyPlaceholderAutoConfiguration.class,
    TaskExecutionAutoConfiguration.class,
    WebFluxAutoConfiguration.class,
    WebSessionIdResolverAutoConfiguration.class
})
@ComponentScan("io.heliograph.server")
@ConfigurationPropertiesScan("io.heliograph.server")
public class HeliographApplication {

    public static void main(String[] args) {
        int status = CommandLineInterface.run(args);
        if (status != CommandLineInterface.RUNNING) {
            System.exit(status);
        }
    }
}
