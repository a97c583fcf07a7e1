package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import io.heliograph.gateway.CredentialGuard.HeldRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CredentialGuardTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final ManualWatch watch = new ManualWatch();
    private final ManualClock clock = new ManualClock(NOON);
    private final Queue<Runnable> checks = new ArrayDeque<>();
    private final CredentialGuard guard = new CredentialGuard(watch, clock, checks::add);
    private final Principal ada = Principals.token("acme", "ada", "tok_1", Optional.of(NOON.plusSeconds(60)));

    @Test
    void aRequestStaysOpenWhileItsCredentialHolds() {
        HeldRequest request = held(ada);

        watch.revoke("acme", "token:another");
        watch.revoke("elsewhere", "token:tok_1");
        clock.advance(Duration.ofSeconds(59));
        guard.runDue();

        assertThat(request.end()).isNotDone();
    }

    @Test
    void aRequestEndsWithEachGrantThatItStandsOn() {
        for (String grant : List.of("token:tok_1", "member:ada", "session:ses_1")) {
            HeldRequest request = held(ada);

            watch.revoke("acme", grant);

            assertThat(request.end()).as(grant).isCompletedWithValue(CredentialEnd.REVOKED);
        }
    }

    @Test
    void whatWasRevokedBeforeTheRequestWasHeldIsFoundByTheCheck() {
        HeldRequest request = guard.hold(() -> new Rejected("token_invalid", "revoked"));
        assertThat(request.end()).isNotDone();

        checks.remove().run();

        assertThat(request.end()).isCompletedWithValue(CredentialEnd.REVOKED);
    }

    @Test
    void whatIsRevokedWhileTheCheckReadsIsFoundByReadingAgain() {
        Queue<Authentication> readings =
                new ArrayDeque<>(List.of(new Accepted(ada), new Rejected("token_invalid", "revoked")));
        HeldRequest request = guard.hold(() -> {
            if (readings.size() == 2) {
                watch.revoke("acme", "token:tok_1");
            }
            return readings.remove();
        });

        checks.remove().run();

        assertThat(request.end()).isCompletedWithValue(CredentialEnd.REVOKED);
    }

    @Test
    void aRequestEndsWhenItsCredentialExpires() {
        HeldRequest request = held(ada);

        clock.advance(Duration.ofSeconds(60));
        guard.runDue();

        assertThat(request.end()).isCompletedWithValue(CredentialEnd.EXPIRED);
    }

    @Test
    void aCredentialThatHasExpiredWhenItIsReadAgainHasExpired() {
        HeldRequest request = guard.hold(() -> new Rejected("token_expired", "expired"));

        checks.remove().run();

        assertThat(request.end()).isCompletedWithValue(CredentialEnd.EXPIRED);
    }

    @Test
    void aCredentialThatGetsAnEarlierEndEndsThen() {
        HeldRequest request = held(Principals.key("acme", "key_1"));
        watch.revoke(new Revocation(new WorkspaceId("acme"), "key:key_1", Optional.of(NOON.plusSeconds(5))));

        clock.advance(Duration.ofSeconds(4));
        guard.runDue();
        assertThat(request.end()).isNotDone();
        clock.advance(Duration.ofSeconds(1));
        guard.runDue();

        assertThat(request.end()).isCompletedWithValue(CredentialEnd.EXPIRED);
    }

    @Test
    void aCheckThatFailsFailsTheRequest() {
        HeldRequest request = guard.hold(() -> {
            throw new IllegalStateException("no database");
        });

        checks.remove().run();

        assertThat(request.end()).isCompletedExceptionally();
    }

    @Test
    void aClosedRequestIsForgotten() {
        HeldRequest request = held(ada);
        CompletableFuture<CredentialEnd> end = request.end();
        assertThat(guard.size()).isEqualTo(1);

        request.close();
        watch.revoke("acme", "token:tok_1");

        assertThat(guard.size()).isZero();
        assertThat(end).isNotDone();
    }

    @Test
    void aHolderThatFailsDoesNotKeepOthersOpen() {
        List<CredentialEnd> ended = new ArrayList<>();
        register(new FailingHolder());
        register(new FailingHolder());
        register(new RecordingHolder(ended));
        register(new FailingHolder());

        watch.revoke("acme", "token:tok_1");

        assertThat(ended).containsExactly(CredentialEnd.REVOKED);
    }

    private void register(CredentialGuard.Holder holder) {
        HeldCredential credential = guard.newCredential(Duration.ZERO);
        guard.register(credential, holder);
        credential.verify(() -> new Accepted(ada), _ -> true);
    }

    private HeldRequest held(Principal principal) {
        HeldRequest request = guard.hold(() -> new Accepted(principal));
        checks.remove().run();
        return request;
    }

    private record RecordingHolder(List<CredentialEnd> log) implements CredentialGuard.Holder {
        @Override
        public void expiring(Instant end) {
            throw new AssertionError("not warned of");
        }

        @Override
        public void ended(CredentialEnd reason) {
            log.add(reason);
        }
    }

    private static final class FailingHolder implements CredentialGuard.Holder {
        @Override
        public void expiring(Instant end) {
            throw new AssertionError("fails");
        }

        @Override
        public void ended(CredentialEnd reason) {
            throw new AssertionError("fails");
        }
    }
}
