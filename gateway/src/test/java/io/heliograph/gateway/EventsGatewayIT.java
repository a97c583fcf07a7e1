package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.engineio.ListeningServer;
import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Cursor;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.Authentication.Rejected;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/** The gateway by itself: a log in memory, and clients over real sockets. */
class EventsGatewayIT {
    private static final Audience EVERYONE = new Audience.Everyone();

    private final LocalBus bus = new LocalBus();
    private final MemoryLog log = new MemoryLog(bus);
    private final ManualWatch watch = new ManualWatch();
    private final CredentialGuard guard = new CredentialGuard(watch, Clock.systemUTC());
    /** What each credential is found to be, at each reading. */
    private final Map<String, Supplier<Authentication>> credentials = new ConcurrentHashMap<>();

    private final EventsGateway gateway = EventsGateway.builder(log, bus, this::authenticate, guard, settings())
            .command(
                    "say",
                    (socket, argument) -> Map.of("said", argument.path("text").asString("")))
            .command("narrow", (socket, argument) -> {
                socket.watch(filter -> filter.with(
                        TopicFilter.OTHERS,
                        Optional.of(new TopicPatterns(Set.of(argument.path("to").asString(""))))));
                return Map.of();
            })
            .build();
    private final ListeningServer server = gateway.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    @AfterEach
    void close() {
        gateway.closeSockets(Duration.ZERO).toCompletableFuture().join();
        gateway.close();
        server.close();
        guard.close();
        bus.close();
    }

    @Test
    void aClientGetsWhatIsNewAndResumesWhereItWas() {
        member("ada");
        try (TestClient ada = TestClient.connect(server, "ada", "")) {
            log.append("acme", "one", EVERYONE);
            assertThat(ada.event()).isEqualTo("test:one");
        }
        Cursor one = log.open(new WorkspaceId("acme")).cursor();
        log.append("acme", "two", EVERYONE);
        log.append("acme", "three", EVERYONE);

        try (TestClient ada = TestClient.connect(server, "ada", one.toString())) {
            assertThat(ada.event()).isEqualTo("test:two");
            assertThat(ada.event()).isEqualTo("test:three");
        }
    }

    @Test
    void anEventThatIsForAnotherMemberIsNeitherReplayedNorDelivered() {
        member("ada");
        member("bob");
        Cursor begin = log.append("acme", "begin", EVERYONE);
        log.append("acme", "private", new Audience.Member("ada"));
        log.append("acme", "public", EVERYONE);

        try (TestClient bob = TestClient.connect(server, "bob", begin.toString());
                TestClient ada = TestClient.connect(server, "ada", begin.toString())) {
            assertThat(bob.event()).isEqualTo("test:public");
            assertThat(ada.event()).isEqualTo("test:private");
            assertThat(ada.event()).isEqualTo("test:public");

            log.append("acme", "whisper", new Audience.Member("ada"));
            log.append("acme", "shout", EVERYONE);

            assertThat(bob.event()).isEqualTo("test:shout");
            assertThat(ada.event()).isEqualTo("test:whisper");
        }
    }

    @Test
    void aCursorOfAnotherWorkspaceOpensNothingOfIt() {
        member("ada");
        Cursor foreign = log.append("other", "secret", EVERYONE);
        log.append("other", "secret2", EVERYONE);

        try (TestClient ada = TestClient.connect(server, "ada", foreign.toString())) {
            assertThat(ada.event()).isEqualTo("reset");
            log.append("acme", "mine", EVERYONE);
            assertThat(ada.event()).isEqualTo("test:mine");
        }
    }

    @Test
    void aCredentialThatIsRevokedWhileItIsReadDoesNotGetIn() {
        AtomicInteger readings = new AtomicInteger();
        credentials.put("ada", () -> {
            if (readings.getAndIncrement() > 0) {
                return new Rejected("token_invalid", "revoked");
            }
            watch.revoke("acme", "member:ada");
            return new Accepted(Principals.member("acme", "ada"));
        });

        try (TestClient ada = TestClient.open(server)) {
            ada.send("40{\"token\":\"ada\"}");

            assertThat(ada.refusal()).contains("token_invalid");
        }
        assertThat(readings).hasValue(2);
    }

    @Test
    void aConnectedClientIsDisconnectedWhenItsCredentialIsRevoked() {
        member("ada");
        member("bob");
        try (TestClient ada = TestClient.connect(server, "ada", "");
                TestClient bob = TestClient.connect(server, "bob", "")) {
            watch.revoke("acme", "member:ada");

            assertThat(ada.event()).isEqualTo("closing");
            ada.awaitClosed();
            log.append("acme", "after", EVERYONE);
            assertThat(bob.event()).isEqualTo("test:after");
        }
    }

    @Test
    void aClientThatLeavesGivesItsPlaceBack() {
        member("ada");
        try (TestClient ada = TestClient.connect(server, "ada", "")) {
            assertThat(gateway.socketsBetween(1, 10)).isEqualTo(1);
            ada.send("41");
            ada.until(() -> gateway.socketsBetween(1, 10) == 0);
            ada.until(() -> guard.size() == 0);
        }
    }

    @Test
    void aMemberHasAsManySocketsAsItMay() {
        member("ada");
        try (TestClient first = TestClient.connect(server, "ada", "");
                TestClient second = TestClient.connect(server, "ada", "");
                TestClient third = TestClient.open(server)) {
            third.send("40{\"token\":\"ada\"}");
            assertThat(third.refusal()).contains("max-sockets-per-member");

            second.send("41");
            second.until(() -> gateway.socketsBetween(1, 10) == 1);
            third.send("40{\"token\":\"ada\"}");
            third.awaitConnected();
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void aCommandIsAnsweredAndAnUnknownOneIsNamed() {
        member("ada");
        try (TestClient ada = TestClient.connect(server, "ada", "")) {
            ada.send("420[\"say\",{\"text\":\"hello\"}]");
            assertThat(ada.ack()).isEqualTo("[{\"said\":\"hello\"}]");
            ada.send("421[\"shout\",{}]");
            assertThat(ada.ack()).contains("unknown_event", "auth:renew, clock, narrow, say");
            ada.send("422[\"say\",{},{}]");
            assertThat(ada.ack()).contains("invalid_request", "\"field\":\"body\"");
        }
    }

    @Test
    void aTokenOfAnotherMemberRenewsNothing() {
        member("ada");
        member("bob");
        try (TestClient ada = TestClient.connect(server, "ada", "")) {
            ada.send("420[\"auth:renew\",{\"token\":\"bob\"}]");
            assertThat(ada.ack()).contains("forbidden");
            ada.send("421[\"auth:renew\",{\"token\":\"ada\"}]");
            assertThat(ada.ack()).isEqualTo("[{\"ok\":true}]");
        }
    }

    @Test
    void aKeyWithoutTheScopeReadIsRefused() {
        Principal key = Principals.key("acme", "key_1");
        credentials.put(
                "key",
                () -> new Accepted(new Principal(key.workspace(), key.subject(), Set.of("write"), key.credential())));
        try (TestClient client = TestClient.open(server)) {
            client.send("40{\"token\":\"key\"}");

            assertThat(client.refusal()).contains("forbidden", "lacks the scope read");
        }
    }

    @Test
    void aSocketThatNarrowsItselfGetsItsTopicsAndWhatHasNone() {
        member("ada");
        try (TestClient ada = TestClient.connect(server, "ada", "")) {
            ada.send("420[\"narrow\",{\"to\":\"robots/1\"}]");
            assertThat(ada.ack()).isEqualTo("[{}]");

            log.append("acme", "unwanted", EVERYONE, Optional.of("robots/2"));
            log.append("acme", "wanted", EVERYONE, Optional.of("robots/1"));
            log.append("acme", "plain", EVERYONE);

            assertThat(ada.event()).isEqualTo("test:wanted");
            assertThat(ada.event()).isEqualTo("test:plain");
        }
    }

    @Test
    void aVolatileEventReachesTheSocketsOfItsTopic() {
        member("ada");
        member("bob");
        try (TestClient ada = TestClient.connect(server, "ada", "");
                TestClient bob = TestClient.connect(server, "bob", "")) {
            bob.send("420[\"narrow\",{\"to\":\"robots/2\"}]");
            assertThat(bob.ack()).isEqualTo("[{}]");
            gateway.sendVolatile(new VolatileMessage(
                    new WorkspaceId("acme"),
                    new Audience.Everyone(),
                    Optional.of("robots/1"),
                    "delta",
                    JsonNodeFactory.instance.objectNode()));
            log.append("acme", "after", EVERYONE);

            assertThat(ada.event()).isEqualTo("delta");
            assertThat(bob.event()).isEqualTo("test:after");
        }
    }

    @Test
    void aNodeThatDrainsTellsEachClientToComeBack() {
        member("ada");
        try (TestClient first = TestClient.connect(server, "ada", "");
                TestClient second = TestClient.connect(server, "ada", "")) {
            gateway.drain();

            assertThat(first.event()).isEqualTo("drain");
            assertThat(second.event()).isEqualTo("drain");
        }
    }

    private void member(String name) {
        credentials.put(name, () -> new Accepted(Principals.member("acme", name)));
    }

    private Authentication authenticate(String credential) {
        return credentials
                .getOrDefault(credential, () -> new Rejected("token_invalid", "unknown"))
                .get();
    }

    private static GatewaySettings settings() {
        return new GatewaySettings(
                100, 10, 2, 1_000, Duration.ofSeconds(5), 4, 50, Duration.ofSeconds(60), 100, Duration.ofSeconds(15));
    }
}
