package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.oauth2.jwt.JwtDecoder;

class StartFailuresTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DataSourceAutoConfiguration.class, HeliographAutoConfiguration.class));

    @TempDir
    private Path folder;

    private ApplicationContextRunner onSqlite() {
        return application.withPropertyValues(
                "spring.datasource.url=jdbc:sqlite:" + folder.resolve("app.db"), "heliograph.port=0");
    }

    @Test
    void aDatabaseThatIsNoneOfTheTwoIsNamed() {
        failsWith(
                application.withPropertyValues("spring.datasource.url=jdbc:h2:mem:other"),
                "PostgreSQL or SQLite, and the application's DataSource is H2");
    }

    @Test
    void aMissingDataSourceIsNamed() {
        failsWith(
                new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(HeliographAutoConfiguration.class)),
                "application's DataSource, and there is none");
    }

    @Test
    void withoutTheClaimOfTheWorkspaceNothingStarts() {
        failsWith(
                onSqlite().withBean(JwtDecoder.class, () -> token -> {
                    throw new IllegalStateException("not asked");
                }),
                "heliograph.jwt.workspace-claim is not set");
    }

    @Test
    void withoutAnybodyWhoVerifiesNothingStarts() {
        failsWith(onSqlite(), "there is no JwtDecoder, no ticket and no Authenticator");
    }

    @Test
    void aSettingOutOfRangeIsNamed() {
        failsWith(
                onSqlite().withPropertyValues("heliograph.gateway.max-sockets=0"),
                "heliograph.gateway.max-sockets is 0, expected a number above zero");
        failsWith(
                onSqlite().withPropertyValues("heliograph.tickets.enabled=true", "heliograph.origins=shop.example"),
                "heliograph.origins: origin is \"shop.example\"");
    }

    @Test
    void twoMethodsOfOneEventAreNamed() {
        failsWith(
                onSqlite().withPropertyValues("heliograph.tickets.enabled=true").withBean(TwoMethods.class),
                "stands at two methods");
    }

    static class TwoMethods {
        @SocketEvent("say")
        void one() {}

        @SocketEvent("say")
        void two() {}
    }

    @Test
    void itCanBeTurnedOff() {
        application
                .withPropertyValues("heliograph.enabled=false", "spring.datasource.url=jdbc:h2:mem:other")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EventPublisher.class));
    }

    @Test
    void anEarlierSpringBootIsNamed() {
        SpringBootVersionCheck.check("4.1.2");
        assertThatThrownBy(() -> SpringBootVersionCheck.check("3.5.16"))
                .hasMessageContaining("needs Spring Boot 4")
                .hasMessageContaining("3.5.16");
    }

    private static void failsWith(ApplicationContextRunner application, String text) {
        application.run(context -> {
            assertThat(context).hasFailed();
            Throwable failure = Objects.requireNonNull(context.getStartupFailure());
            assertThat(failure).rootCause().isInstanceOf(HeliographStartException.class);
            FailureAnalysis analysis = Objects.requireNonNull(new HeliographFailureAnalyzer().analyze(failure));
            assertThat(analysis.getDescription()).startsWith("Heliograph: ").contains(text);
            assertThat(analysis.getAction()).isNotBlank();
        });
    }
}
