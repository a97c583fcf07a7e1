package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

final class OriginsTest {

    @Test
    void theServersOwnPagesAreAllowed() {
        Origins origins = origins("");

        assertThat(origins.allows("http://127.0.0.1:8080", "127.0.0.1:8080")).isTrue();
        assertThat(origins.allows("https://heliograph.example.com", "heliograph.example.com"))
                .isTrue();
        assertThat(origins.allows("http://127.0.0.1:8081", "127.0.0.1:8080")).isFalse();
        assertThat(origins.allows("http://evil.example", "127.0.0.1:8080")).isFalse();
        assertThat(origins.allows("null", "127.0.0.1:8080")).isFalse();
        assertThat(origins.allows("http://evil.example", null)).isFalse();
    }

    @Test
    void behindAProxyThePublicUrlIsTheServersOwn() {
        Origins origins = origins("https://heliograph.example.com");

        assertThat(origins.isOwn("https://heliograph.example.com", "10.0.0.7:8080"))
                .isTrue();
        assertThat(origins.isOwn("http://heliograph.example.com", "10.0.0.7:8080"))
                .isFalse();
    }

    @Test
    void listedOriginsMayCallButAreNotTheServersOwn() {
        Origins origins = origins("", "https://app.example.com");

        assertThat(origins.allows("https://app.example.com", "127.0.0.1:8080")).isTrue();
        assertThat(origins.isOwn("https://app.example.com", "127.0.0.1:8080")).isFalse();
        assertThat(origins.allows("https://app.example.com.evil.example", "127.0.0.1:8080"))
                .isFalse();
    }

    @Test
    void aStarAllowsAll() {
        assertThat(origins("", "*").allows("https://anything.example", "127.0.0.1:8080"))
                .isTrue();
    }

    @Test
    void whatIsNoBrowserSendsNoOrigin() {
        assertThat(origins("").allows(null, "127.0.0.1:8080")).isTrue();
    }

    /** REST and sockets compared differently: one with, the other without regard to case, and neither knew own ports. */
    @ParameterizedTest
    @CsvSource({
        "https://app.example,          app.example:443,  true",
        "https://app.example:443,      app.example,      true",
        "http://app.example,           app.example:80,   true",
        "http://app.example,           APP.example,      true",
        "HTTP://App.Example,           app.example,      true",
        "https://app.example,          app.example:80,   false",
        "http://app.example:8080,      app.example,      false",
        "ftp://app.example,            app.example,      false",
        "http://app.example/,          app.example,      false",
        "http://,                      '',               false",
        "http://user@app.example,      app.example,      false",
        "http://[::1]:8080,            [::1]:8080,       true"
    })
    void aSchemesOwnPortAndCaseMakeNoDifference(String origin, String host, boolean own) {
        assertThat(origins("").isOwn(origin, host)).isEqualTo(own);
    }

    @Test
    void appsWithASchemeOfTheirOwnCanBeListed() {
        Origins origins = origins(
                "", "capacitor://localhost", "tauri://localhost", "ionic://localhost", "chrome-extension://abcdefgh");

        assertThat(origins.allows("capacitor://localhost", "a.example")).isTrue();
        assertThat(origins.allows("tauri://localhost", "a.example")).isTrue();
        assertThat(origins.allows("ionic://localhost", "a.example")).isTrue();
        assertThat(origins.allows("chrome-extension://abcdefgh", "a.example")).isTrue();
        assertThat(origins.allows("capacitor://evil", "a.example")).isFalse();
    }

    private static Origins origins(String publicUrl, String... allowed) {
        return new Origins(
                new ServerSettings("127.0.0.1", 8080, publicUrl, List.of(allowed), DataSize.ofMegabytes(1), 0, ""),
                new SimpleMeterRegistry());
    }
}
