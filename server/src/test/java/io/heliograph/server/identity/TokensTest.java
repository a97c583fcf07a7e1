package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.fixtures.ManualClock;
import io.heliograph.server.identity.Tokens.Reading;
import io.heliograph.server.workspaces.Member;
import io.heliograph.server.workspaces.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final Member ADA = new Member(new MemberId("mem_1"), "ada", "Ada", Role.OPERATOR, Instant.EPOCH);

    private final ManualClock clock = new ManualClock();
    private final Tokens tokens = tokens("a secret of thirty-two bytes....");

    @Test
    void aTokenSaysTheSameHoweverOftenItIsRead() {
        String token = sign(Duration.ofMinutes(10));

        Reading first = tokens.read(token);
        Reading second = tokens.read(token);

        assertThat(first).isInstanceOfSatisfying(Reading.Read.class, read -> {
            assertThat(read.claims().workspace()).isEqualTo(new WorkspaceId("ws_1"));
            assertThat(read.claims().memberId()).isEqualTo(new MemberId("mem_1"));
            assertThat(read.claims().session()).contains("ses_1");
            assertThat(read.claims().expiresAt()).isEqualTo(clock.instant().plusSeconds(600));
        });
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aTokenThatWasReadBeforeStillExpires() {
        String token = sign(Duration.ofMinutes(10));
        assertThat(tokens.read(token)).isInstanceOf(Reading.Read.class);

        clock.advance(Duration.ofMinutes(10));

        assertThat(tokens.read(token))
                .isInstanceOfSatisfying(
                        Reading.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TOKEN_EXPIRED));
    }

    @Test
    void aTokenWithTheSameClaimsAndAnotherSignatureIsRefusedAlsoWhenTheRightOneWasRead() {
        String token = sign(Duration.ofMinutes(10));
        String forged = tokens("another secret of thirty-two b..")
                .sign(new WorkspaceId("ws_1"), ADA, Optional.of("ses_1"), Duration.ofMinutes(10))
                .token();
        assertThat(tokens.read(token)).isInstanceOf(Reading.Read.class);

        assertThat(tokens.read(forged)).isInstanceOf(Reading.Refused.class);
        assertThat(tokens.read(token.substring(0, token.lastIndexOf('.')) + forged.substring(forged.lastIndexOf('.'))))
                .isInstanceOf(Reading.Refused.class);
        assertThat(tokens.read(forged)).as("refused again").isInstanceOf(Reading.Refused.class);
    }

    private String sign(Duration ttl) {
        return tokens.sign(new WorkspaceId("ws_1"), ADA, Optional.of("ses_1"), ttl)
                .token();
    }

    private Tokens tokens(String secret) {
        return new Tokens(secret.getBytes(StandardCharsets.UTF_8), clock);
    }
}
