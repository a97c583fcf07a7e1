package io.heliograph.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {

    private static PostgresUrl parsed(String text) {
        return PostgresUrl.parse(text).orElseThrow();
    }

    @Test
    void userAndPasswordAreTakenOutOfTheUrlAndDecoded() {
        PostgresUrl url = parsed("postgresql://ada:p%40s+s@pg1:6432/heliograph?sslmode=require");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://pg1:6432/heliograph?sslmode=require");
        assertThat(url.credentials()).containsEntry("user", "ada").containsEntry("password", "p@s+s");
        assertThat(url.toString()).doesNotContain("s+s");
    }

    @Test
    void theDriversOwnUrlIsTaken() {
        PostgresUrl url = parsed("jdbc:postgresql://pg1,pg2:5433/heliograph?user=ada&password=secret");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://pg1,pg2:5433/heliograph?user=ada&password=secret");
        assertThat(url.credentials()).isEmpty();
        assertThat(url.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "postgresql://",
                "postgresql://pg1",
                "postgresql://pg1/",
                "postgresql://pg1:x/heliograph",
                "postgresql://ada:%4@pg1/heliograph",
                "jdbc:sqlite:x",
                "redis://pg1/1"
            })
    void anythingElseIsNone(String text) {
        assertThat(PostgresUrl.parse(text)).isEmpty();
    }
}
