package io.heliograph.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The one place where the process starts; everything else is wired from here. */
@SpringBootApplication
public class HeliographApplication {

    public static void main(String[] args) {
        SpringApplication.run(HeliographApplication.class, args);
    }
}
