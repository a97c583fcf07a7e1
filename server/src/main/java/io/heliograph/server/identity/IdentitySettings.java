package io.heliograph.server.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.server.errors.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Lifetimes of credentials.
 *
 * @param tokenSecret signs tokens, at least 32 bytes; empty: made at the first start and kept in the data folder
 * @param tokenTtl of a token made for a signed-in page
 * @param sessionTtl of a sign-in: how long a browser stays signed in
 * @param signInTtl of a one-time sign-in link
 */
@ConfigurationProperties("heliograph")
public record IdentitySettings(
        @DefaultValue("") String tokenSecret,
        @DefaultValue("10m") Duration tokenTtl,
        @DefaultValue("30d") Duration sessionTtl,
        @DefaultValue("15m") Duration signInTtl) {

    public IdentitySettings {
        InvalidSettingException.check(
                tokenSecret.isEmpty() || tokenSecret.getBytes(UTF_8).length >= 32,
                "heliograph.token-secret",
                "…",
                "at least 32 bytes");
        checkRange(tokenTtl, "heliograph.token-ttl", Duration.ofMinutes(1), Duration.ofDays(1), "1m to 1d");
        checkRange(sessionTtl, "heliograph.session-ttl", Duration.ofMinutes(5), Duration.ofDays(400), "5m to 400d");
        checkRange(signInTtl, "heliograph.sign-in-ttl", Duration.ofMinutes(1), Duration.ofDays(7), "1m to 7d");
    }

    private static void checkRange(Duration value, String key, Duration min, Duration max, String range) {
        InvalidSettingException.check(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0, key, value, "a duration from " + range);
    }

    /** Omits the secret. */
    @Override
    public String toString() {
        return "IdentitySettings[tokenTtl=%s, sessionTtl=%s, signInTtl=%s]".formatted(tokenTtl, sessionTtl, signInTtl);
    }
}
