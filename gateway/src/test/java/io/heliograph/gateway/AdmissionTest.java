package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import io.heliograph.gateway.GatewayWorld.Bounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who may connect, and what is left of those who may not. */
class AdmissionTest {
    private static final int MANY = 50 * GatewayWorld.CONNECTS_AT_ONCE;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private GatewayWorld world = bounded(new Bounds(100, 100, 100, MANY, PATIENCE));

    @AfterEach
    void close() {
        world.close();
    }

    // --- credentials -------------------------------------------------------------------------------------------------

    @Test
    void aCredentialThatIsRejectedIsNamedAndLeavesNothing() {
        world.credentials.put("old", () -> new Rejected("token_expired", "It has expired"));

        Peer peer = world.connect("old");

        assertRefused(peer, "token_expired", "It has expired");
        assertThat(world.observer.refusals).containsExactly("token_expired");
        peer.leave();
        assertNothingLeft();
    }

    @Test
    void aClientWithoutACredentialIsAskedForOne() {
        Peer peer = world.open();
        peer.packet("0");

        assertRefused(peer, "token_invalid", "unknown");
        assertThat(world.readings).containsExactly("");
    }

    @Test
    void aRefusedClientMayTryAgainInTheSameSession() {
        Peer peer = world.connect("wrong");

        peer.connect("ada");

        assertThat(peer.connected()).isTrue();
        assertThat(world.sockets()).isEqualTo(1);
    }

    @Test
    void aKeyThatMayNotReadIsRefusedAndTakesNoPlace() {
        Principal key = Principals.key("acme", "key_1");
        world.credential("key", new Principal(key.workspace(), key.subject(), Set.of("write"), key.credential()));

        assertRefused(world.connect("key"), "forbidden", "lacks the scope read");
        assertThat(world.sockets()).isZero();
    }

    @Test
    void aFieldThatDoesNotFitIsNamedBeforeTheCredentialIsRead() {
        for (String auth : List.of(
                "{\"token\":1}",
                "{\"token\":\"ada\",\"pid\":true}",
                "{\"token\":\"ada\",\"offset\":{}}",
                "{\"token\":\"ada\",\"cursor\":null}")) {
            Peer peer = world.open();
            peer.ask(auth);
            world.settle();

            assertRefused(peer, "invalid_request", "auth.");
        }
        assertThat(world.readings).isEmpty();
        assertThat(world.sockets()).isZero();
    }

    @Test
    void whileCredentialsCannotBeReadClientsAreClosedWithoutARefusal() {
        List<Peer> peers = new ArrayList<>();
        world.credentials.put("ada", () -> {
            throw new AuthenticatorUnavailableException(new IllegalStateException("no database"));
        });
        for (int client = 0; client < 10; client++) {
            peers.add(world.connect("ada"));
        }

        assertThat(peers).allMatch(peer -> !peer.open() && !peer.refused() && !peer.disconnected());
        assertNothingLeft();
        world.member("ada");
        assertThat(world.connect("ada").connected()).isTrue();
    }

    @Test
    void anAuthenticatorThatFailsRefusesItsClientOnly() {
        world.credentials.put("bad", () -> {
            throw new IllegalStateException("a fault");
        });

        Peer bad = world.connect("bad");

        assertThat(bad.refusal().path("message").asString()).isEqualTo("Internal error");
        assertThat(world.observer.failures).hasSize(1);
        assertThat(world.connect("ada").connected()).isTrue();
        bad.leave();
        assertThat(world.guard.size()).isEqualTo(1);
    }

    // --- credentials that are revoked during admission
    // ----------------------------------------------------------------------

    @Test
    void aCredentialThatIsRevokedWhileItIsReadIsReadAgain() {
        AtomicInteger readings = new AtomicInteger();
        world.credentials.put("ada", () -> {
            if (readings.getAndIncrement() > 0) {
                return new Rejected("token_invalid", "It was revoked");
            }
            world.watch.revoke("acme", "member:ada");
            return new Accepted(Principals.member("acme", "ada"));
        });

        Peer ada = world.connect("ada");

        assertRefused(ada, "token_invalid", "It was revoked");
        assertThat(readings).hasValue(2);
        assertThat(world.sockets()).isZero();
    }

    @Test
    void aCredentialThatIsRevokedBetweenItsReadingAndTheAnswerGetsNoAnswer() {
        Peer ada = world.open();
        ada.ask("{\"token\":\"ada\"}");
        assertThat(world.readings).containsExactly("ada");
        assertThat(ada.connected()).isFalse();

        world.watch.revoke("acme", "member:ada");
        world.settle();
        world.append("secret", "ada");

        assertThat(ada.open()).isFalse();
        assertThat(ada.pid()).isEmpty();
        assertThat(ada.events()).isEmpty();
        assertNothingLeft();
    }

    @Test
    void aRevocationClosesTheClientsOfItsCredentialHoweverFarTheyAre() {
        Peer connected = world.connect("ada");
        Peer catchingUp = world.open();
        catchingUp.reads(false);
        catchingUp.connect("ada");
        Peer connecting = world.open();
        connecting.ask("{\"token\":\"ada\"}");
        Peer anonymous = world.open();
        Peer other = world.connect("bob");

        world.watch.revoke("acme", "member:ada");
        catchingUp.reads(true);
        world.append("later");

        assertThat(connected.event().get(0).asString()).isEqualTo("closing");
        assertThat(List.of(connected, catchingUp, connecting)).noneMatch(Peer::open);
        assertThat(other.events()).containsExactly("later");
        assertThat(anonymous.connect("bob").connected()).isTrue();
        assertThat(world.sockets()).isEqualTo(2);
        assertThat(world.guard.size()).isEqualTo(2);
    }

    @Test
    void aCredentialThatHasExpiredWhileItsClientConnectedIsClosed() {
        world.credential(
                "short", Principals.token("acme", "ada", "tok_1", Optional.of(ManualTime.NOON.plusSeconds(1))));
        Peer ada = world.open();
        ada.ask("{\"token\":\"short\"}");

        world.time.moveTo(Duration.ofSeconds(1).toNanos());
        world.settle();
        world.guard.runDue();
        world.settle();

        assertThat(ada.event().get(1).path("code").asString()).isEqualTo("token_expired");
        assertThat(ada.open()).isFalse();
        assertNothingLeft();
    }

    // --- limits ------------------------------------------------------------------------------------------------------

    @Test
    void aMemberHasExactlyAsManySocketsAsItMayAndAnotherHasItsOwn() {
        restart(new Bounds(100, 100, 2, MANY, PATIENCE));
        Peer first = world.connect("ada");
        Peer second = world.connect("ada");

        Peer third = world.connect("ada");

        assertThat(List.of(first, second)).allMatch(Peer::connected);
        assertLimit(third, "heliograph.gateway.max-sockets-per-member", Limit.MAX_SOCKETS_PER_MEMBER);
        assertThat(world.connect("bob").connected()).isTrue();
        second.leave();
        third.connect("ada");
        assertThat(third.connected()).isTrue();
    }

    @Test
    void aWorkspaceHasExactlyAsManySocketsAsItMayAndAnotherHasItsOwn() {
        restart(new Bounds(100, 2, 2, MANY, PATIENCE));
        world.credential("foreign", Principals.member("other", "ada"));
        Peer ada = world.connect("ada");
        Peer bob = world.connect("bob");

        Peer third = world.connect("ada");

        assertThat(List.of(ada, bob)).allMatch(Peer::connected);
        assertLimit(third, "heliograph.gateway.max-sockets-per-workspace", Limit.MAX_SOCKETS_PER_WORKSPACE);
        assertThat(world.connect("foreign").connected()).isTrue();
        world.watch.revoke("acme", "member:bob");
        world.settle();
        third.connect("ada");
        assertThat(third.connected()).isTrue();
    }

    @Test
    void aKeyThatReplacesAnotherHasItsOwnPlaces() {
        restart(new Bounds(100, 100, 1, MANY, PATIENCE));
        world.credential("old", Principals.key("acme", "key_1")).credential("new", Principals.key("acme", "key_2"));

        assertThat(world.connect("old").connected()).isTrue();
        assertThat(world.connect("new").connected()).isTrue();
        assertThat(world.connect("new").refused()).isTrue();
    }

    @Test
    void aFullServerRefusesTheHandshakeSoThatItIsTriedAgain() {
        restart(new Bounds(2, 100, 100, MANY, PATIENCE));
        Peer first = world.open();
        Peer second = world.open();

        Peer third = world.open();

        assertThat(List.of(first, second)).allMatch(peer -> peer.handshake().startsWith("HTTP/1.1 101"));
        assertThat(third.handshake())
                .startsWith("HTTP/1.1 503")
                .contains("too_many_connections", "heliograph.gateway.max-sockets");
        assertThat(world.observer.limits).containsExactly(Limit.MAX_SOCKETS);
        assertThat(world.observer.refusals).containsExactly("too_many_connections");
        first.leave();
        assertThat(world.open().handshake()).startsWith("HTTP/1.1 101");
    }

    @Test
    void clientsOverTheRateWaitAndAreAdmittedInTime() {
        restart(new Bounds(100, 100, 100, 1, PATIENCE));
        Peer first = world.open();
        Peer second = world.open();
        assertThat(first.handshake()).startsWith("HTTP/1.1 101");
        assertThat(second.handshake()).isEmpty();
        assertThat(world.gateway.connectsWaiting()).isEqualTo(1);

        world.advance(Duration.ofSeconds(1));

        assertThat(second.handshake()).startsWith("HTTP/1.1 101");
        assertThat(world.gateway.connectsWaiting()).isZero();
        assertThat(second.connect("ada").connected()).isTrue();
    }

    @Test
    void aClientThatWouldWaitTooLongIsToldWhenToComeAgain() {
        restart(new Bounds(100, 100, 100, 1, Duration.ofSeconds(2)));
        List<Peer> peers = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            peers.add(world.open());
        }

        assertThat(world.gateway.connectsWaiting()).isEqualTo(2);
        assertThat(peers.getLast().handshake())
                .startsWith("HTTP/1.1 503")
                .contains("too_many_connections", "heliograph.gateway.max-connects-per-second");
        assertThat(world.observer.limits).containsExactly(Limit.MAX_CONNECTS_PER_SECOND);
    }

    @Test
    void aSessionThatConnectsAgainIsHeldToTheRateToo() {
        restart(new Bounds(100, 100, 100, 1, Duration.ZERO));
        Peer peer = world.connect("ada");
        assertThat(peer.connected()).isTrue();

        peer.packet("1");
        peer.connect("ada");

        assertLimit(peer, "heliograph.gateway.max-connects-per-second", Limit.MAX_CONNECTS_PER_SECOND);
        assertThat(world.readings).containsExactly("ada");
        world.advance(Duration.ofSeconds(1));
        peer.connect("ada");
        assertThat(peer.pid()).isNotEmpty();
        assertThat(world.sockets()).isEqualTo(1);
    }

    @Test
    void figuresCountWorkspacesByTheirSize() {
        world.credential("foreign", Principals.member("other", "ada"));
        world.connect("ada");
        world.connect("bob");
        world.connect("foreign");

        assertThat(world.gateway.workspacesBetween(1, 2)).isEqualTo(1);
        assertThat(world.gateway.workspacesBetween(2, 3)).isEqualTo(1);
        assertThat(world.gateway.workspacesBetween(1, 3)).isEqualTo(2);
        assertThat(world.gateway.socketsBetween(2, 3)).isEqualTo(2);
        assertThat(world.gateway.socketsBetween(1, 3)).isEqualTo(3);
        assertThat(world.gateway.activeFeeds()).isEqualTo(2);
    }

    private void restart(Bounds bounds) {
        world.close();
        world = bounded(bounds);
    }

    private static GatewayWorld bounded(Bounds bounds) {
        return GatewayWorld.builder().bounds(bounds).build().member("ada").member("bob");
    }

    private static void assertRefused(Peer peer, String code, String message) {
        JsonNode refusal = peer.refusal();
        assertThat(refusal.path("data").path("code").asString()).isEqualTo(code);
        assertThat(refusal.path("data").path("retryable").asBoolean()).isFalse();
        assertThat(refusal.path("message").asString()).contains(message);
        assertThat(peer.open()).isTrue();
    }

    private void assertLimit(Peer peer, String setting, Limit limit) {
        JsonNode data = peer.refusal().path("data");
        assertThat(data.path("code").asString()).isEqualTo("too_many_connections");
        assertThat(data.path("retryable").asBoolean()).isTrue();
        assertThat(data.path("retryAfterMs").asLong()).isBetween(1L, 10_000L);
        assertThat(data.path("limit").asString()).isEqualTo(setting);
        assertThat(world.observer.limits).containsExactly(limit);
        assertThat(world.observer.refusals).containsExactly("too_many_connections");
    }

    private void assertNothingLeft() {
        assertThat(world.sockets()).isZero();
        assertThat(world.guard.size()).isZero();
    }
}
