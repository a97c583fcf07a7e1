package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HeldCredentialTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final WorkspaceId HERE = new WorkspaceId("ws_1");
    private static final WorkspaceId ELSEWHERE = new WorkspaceId("ws_2");
    private static final Authentication GONE = new Rejected("token_invalid", "not there any more");

    private final ManualClock clock = new ManualClock(NOON);
    private final List<Long> planned = new ArrayList<>();
    private final HeldCredential credential = new HeldCredential(Duration.ofSeconds(60), clock, planned::add);

    @Test
    void whatWasReadBeforeARevocationIsReadAgain() {
        Authentication verification = credential.verify(
                readings(List.of(
                        () -> {
                            credential.revoked(Revocation.now(HERE, "member:mem_1"));
                            return new Accepted(token("tok_1", NOON.plusSeconds(600)));
                        },
                        () -> GONE)),
                _ -> true);

        assertThat(verification).isEqualTo(GONE);
        assertThat(credential.current()).isEmpty();
    }

    @Test
    void aRenewalThatARevocationOvertakesIsReadAgain() {
        hold(token("tok_1", NOON.plusSeconds(600)));
        Authentication verification = credential.verify(
                readings(List.of(
                        () -> {
                            Principal renewed = token("tok_2", NOON.plusSeconds(1200));
                            // It is about the new token, which the socket does not hold yet.
                            assertThat(credential.revoked(Revocation.now(HERE, "token:tok_2")))
                                    .isFalse();
                            return new Accepted(renewed);
                        },
                        () -> GONE)),
                _ -> true);

        assertThat(verification).isEqualTo(GONE);
        assertThat(credential.current().orElseThrow().credential().id()).isEqualTo("tok_1");
    }

    @Test
    void whatIsRevokedInAnotherWorkspaceCostsNoSecondReading() {
        hold(token("tok_1", NOON.plusSeconds(600)));
        Principal renewed = token("tok_2", NOON.plusSeconds(1200));
        Authentication verification = credential.verify(
                readings(List.of(() -> {
                    credential.revoked(Revocation.now(ELSEWHERE, "member:mem_9"));
                    return new Accepted(renewed);
                })),
                _ -> true);

        assertThat(verification).isEqualTo(new Accepted(renewed));
    }

    @Test
    void aCredentialOfAnotherIsNotKept() {
        hold(token("tok_1", NOON.plusSeconds(600)));

        credential.verify(() -> new Accepted(token("tok_2", NOON.plusSeconds(1200))), _ -> false);

        assertThat(credential.current().orElseThrow().credential().id()).isEqualTo("tok_1");
    }

    @Test
    void endsByWhatTakesItAway() {
        hold(token("tok_1", NOON.plusSeconds(600)));

        assertThat(credential.revoked(Revocation.now(HERE, "member:mem_2"))).isFalse();
        assertThat(credential.revoked(Revocation.now(ELSEWHERE, "token:tok_1"))).isFalse();
        assertThat(credential.revoked(Revocation.now(HERE, "session:ses_1"))).isTrue();
        assertThat(credential.revoked(Revocation.now(HERE, "token:tok_1"))).isTrue();
        assertThat(credential.revoked(Revocation.now(HERE, "member:mem_1"))).isTrue();
    }

    @Test
    void warnsAndEndsInTime() {
        hold(token("tok_1", NOON.plusSeconds(600)));
        credential.watchExpiry();

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(540).toEpochMilli());
        assertThat(planned).containsExactly(NOON.plusSeconds(540).toEpochMilli());
        assertThat(dueAt(539)).isEqualTo(HeldCredential.Due.NOTHING);
        assertThat(dueAt(540)).isEqualTo(HeldCredential.Due.WARN);
        assertThat(dueAt(541)).isEqualTo(HeldCredential.Due.NOTHING);
        assertThat(dueAt(600)).isEqualTo(HeldCredential.Due.END);
        assertThat(credential.dueMillis()).isEqualTo(CredentialExpiry.NEVER);
    }

    @Test
    void aShortLifeIsWarnedOfAtItsHalf() {
        hold(token("tok_1", NOON.plusSeconds(50)));
        credential.watchExpiry();

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(25).toEpochMilli());
    }

    @Test
    void aCredentialIsWarnedOfOnceHoweverOftenItIsPresented() {
        Principal same = token("tok_1", NOON.plusSeconds(50));
        hold(same);
        credential.watchExpiry();
        assertThat(dueAt(25)).isEqualTo(HeldCredential.Due.WARN);

        hold(same);

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(50).toEpochMilli());
    }

    @Test
    void aRenewedCredentialHasDeadlinesOfItsOwn() {
        hold(token("tok_1", NOON.plusSeconds(50)));
        credential.watchExpiry();
        assertThat(dueAt(25)).isEqualTo(HeldCredential.Due.WARN);

        hold(token("tok_2", NOON.plusSeconds(75)));

        assertThat(credential.dueMillis()).isEqualTo(NOON.plusSeconds(50).toEpochMilli());
        assertThat(dueAt(50)).isEqualTo(HeldCredential.Due.WARN);
    }

    @Test
    void hasNoDeadlineBeforeItIsWatchedAndAfterwards() {
        hold(token("tok_1", NOON.plusSeconds(50)));
        assertThat(credential.dueMillis()).isEqualTo(CredentialExpiry.NEVER);
        credential.watchExpiry();
        credential.unwatch();

        assertThat(credential.dueMillis()).isEqualTo(CredentialExpiry.NEVER);
        assertThat(dueAt(60)).isEqualTo(HeldCredential.Due.NOTHING);
    }

    @Test
    void aKeyWithoutAnEndHasNoDeadline() {
        hold(Principals.key(HERE.value(), "key_1"));
        credential.watchExpiry();

        assertThat(credential.dueMillis()).isEqualTo(CredentialExpiry.NEVER);
    }

    @Test
    void aKeyThatIsReplacedGetsAnEndAndTheEarlierOneCounts() {
        hold(Principals.key(HERE.value(), "key_1"));
        credential.watchExpiry();

        assertThat(credential.revoked(new Revocation(HERE, "key:key_2", Optional.of(NOON.plusSeconds(10)))))
                .isFalse();
        assertThat(credential.dueMillis()).isEqualTo(CredentialExpiry.NEVER);
        assertThat(credential.revoked(new Revocation(HERE, "key:key_1", Optional.of(NOON.plusSeconds(600)))))
                .isFalse();
        credential.revoked(new Revocation(HERE, "key:key_1", Optional.of(NOON.plusSeconds(900))));

        assertThat(dueAt(539)).isEqualTo(HeldCredential.Due.NOTHING);
        assertThat(dueAt(540)).isEqualTo(HeldCredential.Due.WARN);
        assertThat(dueAt(600)).isEqualTo(HeldCredential.Due.END);
    }

    private HeldCredential.Due dueAt(int secondsAfterNoon) {
        clock.advance(Duration.between(clock.instant(), NOON.plusSeconds(secondsAfterNoon)));
        return credential.due(clock.instant());
    }

    private void hold(Principal principal) {
        credential.verify(() -> new Accepted(principal), _ -> true);
    }

    private static Principal token(String jti, Instant end) {
        return Principals.token(HERE.value(), "mem_1", jti, Optional.of(end));
    }

    /** Answers each reading with the next of these; one more fails. */
    private static Supplier<Authentication> readings(List<Supplier<Authentication>> answers) {
        Queue<Supplier<Authentication>> left = new ArrayDeque<>(answers);
        return () -> left.remove().get();
    }
}
