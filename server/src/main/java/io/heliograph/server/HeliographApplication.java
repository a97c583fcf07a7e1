package io.heliograph.server;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;

/** The one place where the process starts; everything else is wired from here. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = ErrorWebFluxAutoConfiguration.class)
@ComponentScan
@ConfigurationPropertiesScan
public class HeliographApplication {

    public static void main(String[] args) {
        int status = CommandLineInterface.run(args);
        if (status != CommandLineInterface.RUNNING) {
            System.exit(status);
        }
    }
}
