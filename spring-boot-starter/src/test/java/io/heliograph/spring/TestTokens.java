package io.heliograph.spring;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** Tokens of the tests' applications. */
final class TestTokens {
    private static final SecretKeySpec KEY = new SecretKeySpec(
            "a secret of the tests, long enough".getBytes(java.nio.charset.StandardCharsets.UTF_8), "HmacSHA256");

    private TestTokens() {}

    static JwtDecoder decoder() {
        return NimbusJwtDecoder.withSecretKey(KEY)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
    }

    static String token(String tenant, String member) {
        return token(tenant, member, Duration.ofMinutes(5));
    }

    static String token(String tenant, String member, Duration validity) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(member)
                .claim("tenant", tenant)
                .issuedAt(now.minus(Duration.ofHours(1)))
                .expiresAt(now.plus(validity))
                .build();
        return new NimbusJwtEncoder(new ImmutableSecret<>(KEY))
                .encode(JwtEncoderParameters.from(
                        JwsHeader.with(MacAlgorithm.HS256).build(), claims))
                .getTokenValue();
    }
}
