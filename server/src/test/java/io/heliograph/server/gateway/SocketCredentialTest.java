package io.heliograph.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.fixtures.ManualClock;
import io.heliograph.server.identity.ActAs;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.Revocation;
import io.heliograph.server.identity.Verification;
import io.heliograph.server.identity.Verification.Rejected;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.workspaces.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SocketCredentialTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final WorkspaceId HERE = new WorkspaceId("ws_1");
    private static final WorkspaceId ELSEWHERE = new WorkspaceId("ws_2");
    private static final Verification GONE = new Rejected(ErrorCode.TOKEN_INVALID, "not there any more");

    private final ManualClock clock = new ManualClock();
    private final SocketCredential credential = new SocketCredential(Duration.ofSeconds(60), clock);

    @Test
    void whatWasReadBeforeARevocationIsReadAgain() {
        Verification verification = credential.verify(
                readings(List.of(
                        () -> {
                            credential.revoked(new Revocation.MemberRemoved(HERE, "mem_1"));
                            return token("tok_1", NOON.plusSeconds(600));
                        },
                        () -> GONE)),
                _ -> true);

        assertThat(verification).isEqualTo(GONE);
        assertThat(credential.current()).isEmpty();
    }

    @Test
    void aRenewalThatARevocationOvertakesIsReadAgain() {
        hold(token("tok_1", NOON.plusSeconds(600)));
        Verification verification = credential.verify(
                readings(List.of(
                        () -> {
                            Verified renewed = token("tok_2", NOON.plusSeconds(1200));
                            // It is about the new token, which the socket does not hold yet.
                            assertThat(credential.revoked(new Revocation.TokenRevoked(HERE, "tok_2")))
                                    .isFalse();
                            return renewed;
                        },
                        () -> GONE)),
                _ -> true);

        assertThat(verification).isEqualTo(GONE);
        assertThat(credential.current().orElseThrow().credentialId()).isEqualTo("tok_1");
    }

    @Test
    void aRenewalDoesNotBringAFormerRoleBack() {
        hold(token("tok_1", NOON.plusSeconds(600)));
        Verified asOperator = token("tok_2", NOON.plusSeconds(1200));
        credential.verify(
                readings(List.of(
                        () -> {
                            credential.revoked(new Revocation.RoleChanged(HERE, "mem_1", Role.VIEWER));
                            return asOperator;
                        },
                        () -> asOperator.withRole(Role.VIEWER))),
                _ -> true);

        assertThat(((Caller.Member) credential.current().orElseThrow().caller()).role())
                .isEqualTo(Role.VIEWER);
    }

    @Test
    void whatIsRevokedInAnotherWorkspaceCostsNoSecondReading() {
        hold(token("tok_1", NOON.plusSeconds(600)));
        Verified renewed = token("tok_2", NOON.plusSeconds(1200));
        Verification verification = credential.verify(
                readings(List.of(() -> {
                    credential.revoked(new Revocation.MemberRemoved(ELSEWHERE, "mem_9"));
                    return renewed;
                })),
                _ -> true);

        assertThat(verification).isEqualTo(renewed);
    }

    @Test
    void aCredentialOfAnotherIsNotKept() {
        hold(token("tok_1", NOON.plusSeconds(600)));

        credential.verify(() -> token("tok_2", NOON.plusSeconds(1200)), _ -> false);

        assertThat(credential.current().orElseThrow().credentialId()).isEqualTo("tok_1");
    }

    @Test
    void endsByWhatTakesItAway() {
        hold(token("tok_1", NOON.plusSeconds(600)));

        assertThat(credential.revoked(new Revocation.MemberRemoved(HERE, "mem_2")))
                .isFalse();
        assertThat(credential.revoked(new Revocation.TokenRevoked(ELSEWHERE, "tok_1")))
                .isFalse();
        assertThat(credential.revoked(new Revocation.SessionEnded(HERE, "ses_1")))
                .isTrue();
        assertThat(credential.revoked(new Revocation.TokenRevoked(HERE, "tok_1")))
                .isTrue();
        assertThat(credential.revoked(new Revocation.MemberRemoved(HERE, "mem_1")))
                .isTrue();
    }

    @Test
    void warnsAndEndsInTime() {
        hold(token("tok_1", NOON.plusSeconds(600)));
        credential.watchExpiry();

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(540).toEpochMilli());
        assertThat(dueAt(539)).isEqualTo(SocketCredential.Due.NOTHING);
        assertThat(dueAt(540)).isEqualTo(SocketCredential.Due.WARN);
        assertThat(dueAt(541)).isEqualTo(SocketCredential.Due.NOTHING);
        assertThat(dueAt(600)).isEqualTo(SocketCredential.Due.END);
        assertThat(credential.dueMillis()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void aShortLifeIsWarnedOfAtItsHalf() {
        hold(token("tok_1", NOON.plusSeconds(50)));
        credential.watchExpiry();

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(25).toEpochMilli());
    }

    @Test
    void aCredentialIsWarnedOfOnceHoweverOftenItIsPresented() {
        Verified same = token("tok_1", NOON.plusSeconds(50));
        hold(same);
        credential.watchExpiry();
        assertThat(dueAt(25)).isEqualTo(SocketCredential.Due.WARN);

        hold(same);

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(50).toEpochMilli());
    }

    @Test
    void aRenewedCredentialHasDeadlinesOfItsOwn() {
        hold(token("tok_1", NOON.plusSeconds(50)));
        credential.watchExpiry();
        assertThat(dueAt(25)).isEqualTo(SocketCredential.Due.WARN);

        hold(token("tok_2", NOON.plusSeconds(75)));

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(50).toEpochMilli());
        assertThat(dueAt(50)).isEqualTo(SocketCredential.Due.WARN);
    }

    @Test
    void hasNoDeadlineBeforeItIsWatchedAndAfterwards() {
        hold(token("tok_1", NOON.plusSeconds(50)));
        assertThat(credential.dueMillis()).isEqualTo(Deadlines.NEVER);
        credential.watchExpiry();
        credential.unwatch();

        assertThat(credential.dueMillis()).isEqualTo(Deadlines.NEVER);
        assertThat(dueAt(60)).isEqualTo(SocketCredential.Due.NOTHING);
    }

    @Test
    void aKeyWithoutAnEndHasNoDeadline() {
        hold(keyWithoutAnEnd());
        credential.watchExpiry();

        assertThat(credential.dueMillis()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void aKeyThatIsReplacedGetsAnEndAndTheEarlierOneCounts() {
        hold(keyWithoutAnEnd());
        credential.watchExpiry();

        assertThat(credential.revoked(new Revocation.KeyEnds(HERE, "key_2", NOON.plusSeconds(10))))
                .isFalse();
        assertThat(credential.dueMillis()).isEqualTo(Deadlines.NEVER);
        assertThat(credential.revoked(new Revocation.KeyEnds(HERE, "key_1", NOON.plusSeconds(600))))
                .isFalse();
        credential.revoked(new Revocation.KeyEnds(HERE, "key_1", NOON.plusSeconds(900)));

        assertThat(dueAt(539)).isEqualTo(SocketCredential.Due.NOTHING);
        assertThat(dueAt(540)).isEqualTo(SocketCredential.Due.WARN);
        assertThat(dueAt(600)).isEqualTo(SocketCredential.Due.END);
    }

    private static Verified keyWithoutAnEnd() {
        Caller key = new Caller.Key(HERE, "key_1", "bot", Set.of(), ActAs.NOBODY, Optional.empty(), List.of(), "key_1");
        return new Verified(key, Optional.empty(), "key_1", Optional.empty());
    }

    private SocketCredential.Due dueAt(int secondsAfterNoon) {
        clock.advance(Duration.between(clock.instant(), NOON.plusSeconds(secondsAfterNoon)));
        return credential.due(clock.instant());
    }

    private void hold(Verified verified) {
        credential.verify(() -> verified, _ -> true);
    }

    private static Verified token(String jti, Instant end) {
        return new Verified(
                new Caller.Member(HERE, "mem_1", "Ada", Role.OPERATOR), Optional.of(end), jti, Optional.of("ses_1"));
    }

    /** Answers each reading with the next of these; one more fails. */
    private static Supplier<Verification> readings(List<Supplier<Verification>> answers) {
        Queue<Supplier<Verification>> left = new ArrayDeque<>(answers);
        return () -> left.remove().get();
    }
}
