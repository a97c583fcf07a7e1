package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretsTest {

    @Test
    void aSecretIsThirtyTwoLettersAndDigitsAndEachIsAnother() {
        Set<String> seen = new HashSet<>();
        for (int count = 0; count < 1_000; count++) {
            String secret = Secrets.next();
            assertThat(secret).matches("[0-9a-z]{32}");
            assertThat(seen.add(secret)).as(secret).isTrue();
        }
    }

    /** FIPS 180-2, appendix B.1. */
    @Test
    void theHashIsSha256InHexadecimal() {
        assertThat(Secrets.hash("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void onlyTheSecretItselfMatchesItsHash() {
        String secret = Secrets.next();
        String hash = Secrets.hash(secret);

        assertThat(Secrets.matches(secret, hash)).isTrue();
        assertThat(Secrets.matches(Secrets.next(), hash)).isFalse();
        assertThat(Secrets.matches(hash, hash)).isFalse();
        assertThat(Secrets.matches("", hash)).isFalse();
        assertThat(Secrets.matches(secret, "")).isFalse();
    }
}
