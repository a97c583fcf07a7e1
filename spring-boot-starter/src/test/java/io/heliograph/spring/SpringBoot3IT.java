package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts an application on Spring Boot 3.5 with the starter on its class path. */
class SpringBoot3IT {
    private static final long TIMEOUT_SECONDS = 120;

    @SpringBootApplication
    static class Application {
        public static void main(String[] arguments) {
            SpringApplication.run(Application.class, arguments);
        }
    }

    @Test
    void theStartFailsAndSaysWhatIsMissing() throws Exception {
        String classPath = String.join(
                File.pathSeparator, Path.of("target", "spring-boot-3") + "/*", "target/classes", "target/test-classes");
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        Application.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(application.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(application.exitValue()).as(output).isEqualTo(1);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Heliograph: heliograph-spring-boot-starter needs Spring Boot 4 with Jackson 3")
                .contains("Upgrade to Spring Boot 4")
                .doesNotContain("NoClassDefFoundError");
    }
}
