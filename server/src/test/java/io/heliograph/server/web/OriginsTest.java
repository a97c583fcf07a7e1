package io.heliograph.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
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

    private static Origins origins(String publicUrl, String... allowed) {
        return new Origins(
                new ServerSettings("127.0.0.1", 8080, publicUrl, List.of(allowed), DataSize.ofMegabytes(1), 0, ""));
    }
}
