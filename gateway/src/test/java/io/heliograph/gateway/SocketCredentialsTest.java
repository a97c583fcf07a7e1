package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The credential of a connected socket: its warning, its renewal and its end. */
class SocketCredentialsTest {
    private final GatewayWorld world = GatewayWorld.create();

    @AfterEach
    void close() {
        world.close();
    }

    // --- warnings and the end ----------------------------------------------------------------------------------------

    @Test
    void aSocketIsWarnedOnceAndClosedAtTheEnd() {
        token("one", 600);
        Peer ada = world.connect("one");

        pass(539);
        assertThat(ada.events()).isEmpty();
        pass(1);
        JsonNode warning = ada.event();
        assertThat(warning.get(0).asString()).isEqualTo("auth:expiring");
        assertThat(warning.get(1).toString()).isEqualTo("{\"expiresAt\":\"2026-03-01T12:10:00.000Z\"}");
        pass(59);
        assertThat(ada.events()).isEmpty();
        assertThat(ada.open()).isTrue();
        pass(1);

        JsonNode closing = ada.event();
        assertThat(closing.get(0).asString()).isEqualTo("closing");
        assertThat(closing.get(1).path("code").asString()).isEqualTo("token_expired");
        assertThat(ada.disconnected()).isTrue();
        assertThat(ada.open()).isFalse();
        assertThat(world.sockets()).isZero();
        assertThat(world.guard.size()).isZero();
    }

    @Test
    void eachSocketOfATokenIsWarned() {
        token("one", 600);
        Peer first = world.connect("one");
        Peer second = world.connect("one");

        pass(540);

        assertThat(first.events()).containsExactly("auth:expiring");
        assertThat(second.events()).containsExactly("auth:expiring");
    }

    @Test
    void aSocketThatRenewsGoesOnAndIsWarnedOfTheNewToken() {
        token("one", 600);
        token("two", 1_200);
        Peer ada = world.connect("one");
        pass(540);
        assertThat(ada.events()).containsExactly("auth:expiring");

        ada.emit(1, "auth:renew", "{\"token\":\"two\"}");
        assertThat(ada.ack()).isEqualTo(Peer.json("{\"ok\":true,\"expiresAt\":\"2026-03-01T12:20:00.000Z\"}"));
        pass(599);
        assertThat(ada.events()).isEmpty();
        pass(1);

        assertThat(ada.event().get(1).path("expiresAt").asString()).isEqualTo("2026-03-01T12:20:00.000Z");
        assertThat(ada.open()).isTrue();
        pass(60);
        assertThat(ada.events()).containsExactly("closing");
    }

    @Test
    void aTokenThatIsPresentedAgainIsNotWarnedOfAgain() {
        token("one", 600);
        Peer ada = world.connect("one");
        pass(540);
        assertThat(ada.events()).containsExactly("auth:expiring");

        ada.emit(1, "auth:renew", "{\"token\":\"one\"}");
        pass(30);

        assertThat(ada.ack().path("ok").asBoolean()).isTrue();
        assertThat(ada.events()).isEmpty();
    }

    @Test
    void aSocketThatLeftIsNotWarned() {
        token("one", 600);
        Peer ada = world.connect("one");

        ada.packet("1");
        pass(600);

        assertThat(ada.events()).isEmpty();
        assertThat(world.guard.size()).isZero();
    }

    @Test
    void aTokenThatIsGivenAnEarlierEndEndsThen() {
        token("one", 600);
        Peer ada = world.connect("one");

        world.watch.revoke(
                new Revocation(new WorkspaceId("acme"), "token:one", Optional.of(ManualTime.NOON.plusSeconds(100))));
        pass(50);
        assertThat(ada.events()).containsExactly("auth:expiring");
        pass(50);

        assertThat(ada.event().get(1).path("code").asString()).isEqualTo("token_expired");
    }

    // --- revocation --------------------------------------------------------------------------------------------------

    @Test
    void afterARenewalTheNewTokenCounts() {
        token("one", 600);
        token("two", 1_200);
        Peer ada = world.connect("one").emit(1, "auth:renew", "{\"token\":\"two\"}");

        world.watch.revoke("acme", "token:one");
        world.settle();
        assertThat(ada.open()).isTrue();
        world.watch.revoke("acme", "token:two");
        world.settle();

        JsonNode closing = ada.event();
        assertThat(closing.get(1).path("code").asString()).isEqualTo("token_invalid");
        assertThat(ada.disconnected()).isTrue();
        assertThat(ada.open()).isFalse();
    }

    @Test
    void aRevocationInAnotherWorkspaceClosesNothing() {
        token("one", 600);
        Peer ada = world.connect("one");

        world.watch.revoke("other", "token:one");
        world.settle();

        assertThat(ada.open()).isTrue();
        assertThat(ada.events()).isEmpty();
    }

    @Test
    void aTokenThatIsRevokedWhileASocketRenewsWithItDoesNotRenewIt() {
        token("one", 600);
        AtomicInteger readings = new AtomicInteger();
        world.credentials.put("two", () -> {
            if (readings.getAndIncrement() > 0) {
                return new Rejected("token_invalid", "It was revoked");
            }
            world.watch.revoke("acme", "token:two");
            return new Accepted(principal("two", 1_200));
        });
        Peer ada = world.connect("one");

        ada.emit(1, "auth:renew", "{\"token\":\"two\"}");

        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("token_invalid");
        assertThat(ada.open()).isTrue();
        pass(600);
        assertThat(ada.open()).isFalse();
    }

    // --- what renews nothing -----------------------------------------------------------------------------------------

    @Test
    void aTokenThatIsRejectedRenewsNothing() {
        token("one", 600);
        world.credentials.put("old", () -> new Rejected("token_expired", "It has expired"));
        Peer ada = world.connect("one").emit(1, "auth:renew", "{\"token\":\"old\"}");

        assertThat(ada.ack())
                .isEqualTo(Peer.json("{\"error\":{\"code\":\"token_expired\",\"message\":\"It has expired\"}}"));
        pass(600);
        assertThat(ada.open()).isFalse();
    }

    @Test
    void aTokenOfAnotherMemberRenewsNothing() {
        token("one", 600);
        world.credential(
                "bobs", Principals.token("acme", "bob", "bobs", Optional.of(ManualTime.NOON.plusSeconds(9_000))));
        Peer ada = world.connect("one").emit(1, "auth:renew", "{\"token\":\"bobs\"}");

        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("forbidden");
        world.append("for-bob", "bob");
        assertThat(ada.events()).isEmpty();
        pass(600);
        assertThat(ada.open()).isFalse();
    }

    @Test
    void aTokenOfTheSameMemberWithOtherTopicsRenewsNothing() {
        world.credential("limited", Principals.limited("acme", "ada", "orders/*"));
        world.credential("wider", Principals.limited("acme", "ada", "orders/*", "bills/*"));
        world.credential("all", Principals.member("acme", "ada"));
        Peer ada = world.connect("limited").emit(1, "auth:renew", "{\"token\":\"wider\"}");

        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("forbidden");
        ada.emit(2, "auth:renew", "{\"token\":\"all\"}");
        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("forbidden");
        world.append("plain");
        assertThat(ada.events()).isEmpty();
    }

    @Test
    void aTokenOfTheSameNameInAnotherWorkspaceRenewsNothing() {
        token("one", 600);
        world.credential(
                "foreign",
                Principals.token("other", "ada", "foreign", Optional.of(ManualTime.NOON.plusSeconds(9_000))));
        Peer ada = world.connect("one").emit(1, "auth:renew", "{\"token\":\"foreign\"}");

        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("forbidden");
        pass(600);
        assertThat(ada.open()).isFalse();
    }

    @Test
    void aRenewalThatCannotBeVerifiedNowIsAnsweredAndMayBeRepeated() {
        token("one", 600);
        world.credentials.put("two", () -> {
            throw new AuthenticatorUnavailableException(new IllegalStateException("no database"));
        });
        Peer ada = world.connect("one").emit(1, "auth:renew", "{\"token\":\"two\"}");

        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("internal");
        token("two", 1_200);
        ada.emit(2, "auth:renew", "{\"token\":\"two\"}");
        assertThat(ada.ack().path("ok").asBoolean()).isTrue();
    }

    private void pass(int seconds) {
        world.expire(Duration.ofSeconds(seconds));
    }

    private void token(String id, int seconds) {
        world.credential(id, principal(id, seconds));
    }

    private static Principal principal(String id, int seconds) {
        return Principals.token("acme", "ada", id, Optional.of(ManualTime.NOON.plusSeconds(seconds)));
    }
}
