package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.PollResult;
import io.heliograph.eventlog.StartPosition;
import io.heliograph.gateway.Authentication.Accepted;
import io.heliograph.gateway.GatewayWorld.Bounds;
import io.heliograph.socketio.Parser;
import io.heliograph.socketio.ParserLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Drain and close: each client is told or closed, and no caller is left waiting. */
class ShutdownTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    /** How many messages are still to fail when they are written. */
    private int failures;

    private GatewayWorld world = GatewayWorld.builder()
            .parser(Parser.json(new ParserLimits(100, 10, failingMapper())))
            .build()
            .member("ada")
            .member("bob");

    @AfterEach
    void close() {
        world.close();
    }

    // --- drain -------------------------------------------------------------------------------------------------------

    @Test
    void aDrainSpreadsTheReturnOfItsClients() {
        List<Peer> peers = connected(20);

        world.gateway.drain();
        world.settle();

        long spread = 1_000L * peers.size() / GatewayWorld.Builder.DRAIN_RATE;
        List<Long> delays = peers.stream().map(ShutdownTest::delay).toList();
        assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(0L, spread));
        // The probability that twenty delays fall into the first half by chance is one in a million.
        assertThat(delays).anySatisfy(delay -> assertThat(delay).isGreaterThan(spread / 2));
        assertThat(peers).allMatch(Peer::open);
    }

    @Test
    void aClientThatIsStillConnectingIsNotToldAndOthersAre() {
        Peer ada = world.connect("ada");
        Peer connecting = world.open();
        connecting.ask("{\"token\":\"bob\"}");

        world.gateway.drain();
        world.settle();

        assertThat(ada.events()).containsExactly("drain");
        assertThat(connecting.connected()).isTrue();
        assertThat(connecting.events()).isEmpty();
    }

    @Test
    void aClientThatCannotBeToldDoesNotKeepOthersFromBeingTold() {
        List<Peer> peers = connected(5);

        failures = 2;
        world.gateway.drain();
        world.settle();

        assertThat(failures).isZero();
        assertThat(peers.stream().filter(peer -> peer.events().equals(List.of("drain"))))
                .hasSize(3);
    }

    /** With those that left, the spread would be thirty times as long. */
    @Test
    void clientsThatLeftDoNotLengthenTheSpread() {
        List<Peer> peers = connected(60);
        List<Peer> left = peers.subList(0, 58);
        left.forEach(Peer::leave);

        world.gateway.drain();
        world.settle();

        long spread = 1_000L * 2 / GatewayWorld.Builder.DRAIN_RATE;
        assertThat(peers.subList(58, 60))
                .allSatisfy(peer -> assertThat(delay(peer)).isLessThanOrEqualTo(spread));
        assertThat(left).allSatisfy(peer -> assertThat(peer.events()).isEmpty());
    }

    // --- the end of a credential -------------------------------------------------------------------------------------

    @Test
    void aClientThatCannotBeToldWhyIsClosedAllTheSameAndSoAreTheOthers() {
        List<Peer> peers = connected(5);
        Peer bob = world.connect("bob");

        failures = 2;
        world.watch.revoke("acme", "member:ada");
        world.settle();

        assertThat(failures).isZero();
        assertThat(peers).noneMatch(Peer::open);
        assertThat(peers.stream().filter(peer -> peer.events().equals(List.of("closing"))))
                .hasSize(3);
        assertThat(bob.open()).isTrue();
        assertThat(world.sockets()).isEqualTo(1);
    }

    @Test
    void anExpiryThatFailsForOneSocketEndsTheOthers() {
        world.credential(
                "short", Principals.token("acme", "ada", "tok_1", Optional.of(ManualTime.NOON.plusSeconds(10))));
        List<Peer> peers = List.of(world.connect("short"), world.connect("short"), world.connect("short"));

        failures = 1;
        world.expire(Duration.ofSeconds(10));

        assertThat(peers).noneMatch(Peer::open);
        assertThat(world.guard.size()).isZero();
    }

    // --- close -------------------------------------------------------------------------------------------------------

    @Test
    void closingTheSocketsEndsThoseThatAreConnectedConnectingAndWaiting() {
        world.close();
        world = GatewayWorld.builder()
                .bounds(new Bounds(100, 100, 100, 1, Duration.ofSeconds(30)))
                .build()
                .member("ada");
        Peer connected = world.connect("ada");
        world.advance(Duration.ofSeconds(1));
        Peer connecting = world.open();
        Peer waiting = world.open();
        assertThat(world.gateway.connectsWaiting()).isEqualTo(1);
        connecting.ask("{\"token\":\"ada\"}");
        assertThat(connecting.connected()).isFalse();

        var closed = world.gateway.closeSockets(Duration.ZERO).toCompletableFuture();
        world.settle();
        world.advance(Duration.ofSeconds(3));

        assertThat(closed).isCompleted();
        assertThat(List.of(connected, connecting)).noneMatch(Peer::open);
        assertThat(waiting.handshake()).startsWith("HTTP/1.1 503");
        assertThat(world.gateway.connectsWaiting()).isZero();
        assertThat(world.sockets()).isZero();
        assertThat(world.guard.size()).isZero();
    }

    @Test
    void pollsAndStreamsThatWaitAreAnsweredWhenTheGatewayCloses() {
        Principal ada = Principals.member("acme", "ada");
        EventReads reads = world.gateway.reads();
        CompletableFuture<PollResult> poll =
                reads.await(new EventReads.Reader(ada), () -> new Accepted(ada), StartPosition.now(), 10, LONG);
        EventStream stream = reads.stream(new EventReads.Reader(ada), () -> new Accepted(ada), StartPosition.now());
        world.check();
        var _ = stream.next();
        CompletableFuture<Optional<byte[]>> position = stream.next();
        world.settle();
        assertThat(position).isCompleted();
        CompletableFuture<Optional<byte[]>> next = stream.next();
        world.settle();
        assertThat(List.of(poll, next)).noneMatch(CompletableFuture::isDone);

        world.gateway.close();
        world.settle();

        assertThat(poll.join()).isInstanceOf(PollResult.Page.class);
        assertThat(next).isCompleted();
        stream.close();
        assertThat(world.guard.size()).isZero();
        assertThat(world.gateway.activeFeeds()).isZero();
    }

    @Test
    void aGatewayThatIsClosedRefusesPollsAndHoldsNoCredentialForThem() {
        Principal ada = Principals.member("acme", "ada");
        world.gateway.close();

        assertThatThrownBy(() -> world.gateway
                        .reads()
                        .await(new EventReads.Reader(ada), () -> new Accepted(ada), StartPosition.now(), 10, LONG))
                .isInstanceOf(IllegalStateException.class);
        assertThat(world.guard.size()).isZero();
    }

    private List<Peer> connected(int count) {
        List<Peer> peers = new ArrayList<>();
        for (int peer = 0; peer < count; peer++) {
            peers.add(world.connect("ada"));
        }
        return peers;
    }

    private static long delay(Peer peer) {
        JsonNode event = peer.event();
        assertThat(event.get(0).asString()).isEqualTo("drain");
        return event.get(1).path("delayMs").asLong();
    }

    /** A mapper that fails to write some of the gateway's own messages. */
    private JsonMapper failingMapper() {
        SimpleModule module = new SimpleModule();
        module.addSerializer(new ValueSerializer<Map<?, ?>>() {
            @Override
            public Class<?> handledType() {
                return Map.class;
            }

            @Override
            public void serialize(Map<?, ?> value, JsonGenerator json, SerializationContext context) {
                if (failures > 0 && (value.containsKey("delayMs") || value.containsKey("code"))) {
                    failures--;
                    throw new IllegalStateException("cannot be written");
                }
                json.writeStartObject();
                value.forEach((name, member) -> json.writePOJOProperty(String.valueOf(name), member));
                json.writeEndObject();
            }
        });
        return JsonMapper.builder().addModule(module).build();
    }
}
