package io.heliograph.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.Subscription;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Principal;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.identity.Verification.Verified;
import io.heliograph.server.workspaces.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which credentials a revocation reaches by the names that it has at the gateway. */
class RevocationWatchTest {
    private static final WorkspaceId ACME = new WorkspaceId("ws_acme");
    private static final WorkspaceId OTHER = new WorkspaceId("ws_other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final ManualRevocations revocations = new ManualRevocations();
    private final List<io.heliograph.gateway.Revocation> told = new ArrayList<>();
    private final Subscription subscription = new RevocationWatch(revocations).listen(told::add);

    private final Principal member = IdentityAuthenticator.principal(new Verified(
            new Caller.Member(ACME, new MemberId("mem_1"), "Olga", Role.OPERATOR),
            Optional.of(NOON),
            "tok_1",
            Optional.of("ses_1")));
    private final Principal key = IdentityAuthenticator.principal(new Verified(
            new Caller.Key(
                    ACME, "key_2", "robot", Scope.defaults(), ActAs.NOBODY, Optional.empty(), List.of(), "key_1"),
            Optional.empty(),
            "key_2",
            Optional.empty()));

    @Test
    void aMemberIsReachedByAllThatItsTokenDependsOn() {
        assertReaches(new Revocation.MemberRemoved(ACME, new MemberId("mem_1")), member);
        assertReaches(new Revocation.RoleChanged(ACME, new MemberId("mem_1"), Role.VIEWER), member);
        assertReaches(new Revocation.RoleChanged(ACME, new MemberId("mem_1"), Role.OWNER), member);
        assertReaches(new Revocation.TokenRevoked(ACME, "tok_1"), member);
        assertReaches(new Revocation.SessionEnded(ACME, "ses_1"), member);
    }

    @Test
    void aMemberIsNotReachedByWhatConcernsOthers() {
        assertSpares(new Revocation.MemberRemoved(ACME, new MemberId("mem_2")), member);
        assertSpares(new Revocation.MemberRemoved(OTHER, new MemberId("mem_1")), member);
        assertSpares(new Revocation.RoleChanged(ACME, new MemberId("mem_1"), Role.OPERATOR), member);
        assertSpares(new Revocation.RoleChanged(ACME, new MemberId("mem_2"), Role.VIEWER), member);
        assertSpares(new Revocation.TokenRevoked(ACME, "tok_2"), member);
        assertSpares(new Revocation.SessionEnded(ACME, "ses_2"), member);
        assertSpares(new Revocation.SessionEnded(ACME, "tok_1"), member);
        assertSpares(new Revocation.KeyRevoked(ACME, "mem_1"), member);
    }

    @Test
    void aKeyIsReachedByItsOwnEndAndNotByThatOfTheKeyThatItReplaced() {
        assertReaches(new Revocation.KeyRevoked(ACME, "key_2"), key);
        assertSpares(new Revocation.KeyRevoked(ACME, "key_1"), key);
        assertSpares(new Revocation.KeyRevoked(OTHER, "key_2"), key);
        assertSpares(new Revocation.MemberRemoved(ACME, new MemberId("key_2")), key);
    }

    @Test
    void aKeyThatWasReplacedIsToldItsEnd() {
        revocations.revoke(new Revocation.KeyEnds(ACME, "key_2", NOON));

        assertThat(told).containsExactly(new io.heliograph.gateway.Revocation(ACME, "key:key_2", Optional.of(NOON)));
        assertThat(key.credential().grants()).contains("key:key_2");
    }

    @Test
    void aSubscriptionThatIsClosedIsToldNothing() {
        subscription.close();

        revocations.revoke(new Revocation.KeyRevoked(ACME, "key_2"));

        assertThat(told).isEmpty();
    }

    private void assertReaches(Revocation revocation, Principal principal) {
        assertThat(reaches(revocation, principal)).as("%s", revocation).isTrue();
    }

    private void assertSpares(Revocation revocation, Principal principal) {
        assertThat(reaches(revocation, principal)).as("%s", revocation).isFalse();
    }

    private boolean reaches(Revocation revocation, Principal principal) {
        told.clear();
        revocations.revoke(revocation);
        return told.stream()
                .anyMatch(one -> one.workspace().equals(principal.workspace())
                        && one.endsAt().isEmpty()
                        && principal.credential().grants().contains(one.grant()));
    }

    private static final class ManualRevocations implements Revocations {
        private final List<Consumer<Revocation>> listeners = new ArrayList<>();

        @Override
        public Runnable listen(Consumer<Revocation> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        void revoke(Revocation revocation) {
            listeners.forEach(listener -> listener.accept(revocation));
        }
    }
}
