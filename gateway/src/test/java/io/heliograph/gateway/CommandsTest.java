package io.heliograph.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.socketio.Parser;
import io.heliograph.socketio.ParserLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events that clients send. */
class CommandsTest {
    private static final int PER_SECOND = GatewayWorld.Builder.EVENTS_PER_SECOND;

    private final List<String> said = new ArrayList<>();
    private final GatewayWorld world = GatewayWorld.builder()
            .parser(Parser.json(new ParserLimits(
                    100,
                    10,
                    JsonMapper.builder()
                            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                            .build())))
            .command("say", (socket, argument) -> {
                said.add(socket.principal().subject().id() + ": "
                        + argument.path("text").asString(""));
                return Map.of("said", said.size());
            })
            .command("fail", (socket, argument) -> {
                throw new IllegalStateException("a fault of the application");
            })
            .command("overflow", (socket, argument) -> {
                throw new StackOverflowError("a fault of the application");
            })
            .command("misfit", (socket, argument) -> {
                throw new InvalidMessageException("agents[1]", "must be a text");
            })
            .command("reject", (socket, argument) -> {
                throw new CommandRejectedException("not_now", "Try later");
            })
            .build()
            .member("ada")
            .member("bob");

    @AfterEach
    void close() {
        world.close();
    }

    // --- answers -----------------------------------------------------------------------------------------------------

    @Test
    void aCommandRunsAsItsSocketsMemberAndIsAnsweredToIt() {
        Peer ada = world.connect("ada");
        Peer bob = world.connect("bob");

        bob.emit(7, "say", "{\"text\":\"hello\"}");

        assertThat(bob.ack()).isEqualTo(Peer.json("{\"said\":1}"));
        assertThat(said).containsExactly("bob: hello");
        assertThat(ada.acks()).isZero();
    }

    @Test
    void aCommandWithoutAnAckRunsAndIsNotAnswered() {
        Peer ada = world.connect("ada");

        ada.packet("2[\"say\",{\"text\":\"hello\"}]");

        assertThat(said).containsExactly("ada: hello");
        assertThat(ada.acks()).isZero();
    }

    @Test
    void anUnknownEventIsAnsweredWithTheNamesThatThereAre() {
        Peer ada = world.connect("ada").emit(1, "shout", "{}");

        JsonNode error = ada.ack().path("error");
        assertThat(error.path("code").asString()).isEqualTo("unknown_event");
        assertThat(error.path("known").toString())
                .isEqualTo("[\"auth:renew\",\"clock\",\"fail\",\"misfit\",\"overflow\",\"reject\",\"say\"]");
        assertThat(error.path("message").asString()).contains("auth:renew, clock, fail, misfit, overflow, reject, say");
        assertWorks(ada);
    }

    @Test
    void anUnknownEventWithoutAnAckChangesNothing() {
        Peer ada = world.connect("ada").packet("2[\"shout\"]");

        assertThat(ada.acks()).isZero();
        assertWorks(ada);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "21[\"say\"]",
                "21[\"say\",{\"text\":\"a\"},{\"text\":\"b\"}]",
                "21[\"say\",{\"text\":\"a\",\"text\":\"b\"}]",
                "21[\"auth:renew\",\"a token\"]",
                "21[\"auth:renew\",null]",
                "21[\"auth:renew\",[{\"token\":\"ada\"}]]",
                "21[\"clock\"]",
                "21[\"clock\",null]",
                "21[\"clock\",\"now\"]",
                "21[\"clock\",[]]",
                "21[\"clock\",{},{}]"
            })
    void anArgumentThatIsNotOneObjectIsRefused(String packet) {
        Peer ada = world.connect("ada").packet(packet);

        JsonNode error = ada.ack().path("error");
        assertThat(error.path("code").asString()).isEqualTo("invalid_request");
        assertThat(error.path("errors").get(0).path("field").asString()).isEqualTo("body");
        assertThat(said).isEmpty();
        assertWorks(ada);
    }

    @Test
    void aFieldThatDoesNotFitIsNamed() {
        Peer ada = world.connect("ada").emit(1, "misfit", "{}");

        assertThat(ada.ack().path("error").path("errors"))
                .isEqualTo(Peer.json("[{\"field\":\"agents[1]\",\"detail\":\"must be a text\"}]"));
        assertWorks(ada);
    }

    @Test
    void aRejectedCommandIsAnsweredWithItsCode() {
        Peer ada = world.connect("ada").emit(1, "reject", "{}");

        assertThat(ada.ack()).isEqualTo(Peer.json("{\"error\":{\"code\":\"not_now\",\"message\":\"Try later\"}}"));
        assertThat(world.observer.failures).isEmpty();
        assertWorks(ada);
    }

    @Test
    void aCommandThatFailsIsAnsweredWithoutItsReasonAndItsSocketWorks() {
        Peer ada = world.connect("ada").emit(1, "fail", "{}");

        assertThat(ada.ack())
                .isEqualTo(Peer.json("{\"error\":{\"code\":\"internal\",\"message\":\"The server failed\"}}"));
        assertThat(world.observer.failures).singleElement().isInstanceOf(IllegalStateException.class);
        assertWorks(ada);
    }

    @Test
    void aCommandThatEndsWithAnErrorCostsItsSocketAndNoOther() {
        Peer bob = world.connect("bob");
        Peer ada = world.connect("ada").emit(1, "overflow", "{}");

        assertThat(ada.open()).isFalse();
        assertThat(world.observer.failures).singleElement().isInstanceOf(StackOverflowError.class);
        assertWorks(bob);
    }

    // --- the rate ----------------------------------------------------------------------------------------------------

    @Test
    void aSocketSendsExactlyAsManyEventsASecondAsItMay() {
        Peer ada = world.connect("ada");
        for (int event = 0; event < PER_SECOND; event++) {
            ada.emit(event, "say", "{}");
            assertThat(ada.ack().has("said")).isTrue();
        }

        ada.emit(90, "say", "{}");

        JsonNode error = ada.ack().path("error");
        assertThat(error.path("code").asString()).isEqualTo("too_many_requests");
        assertThat(error.path("retryAfterMs").asLong()).isEqualTo(1_000 / PER_SECOND);
        assertThat(error.path("message").asString()).contains("heliograph.gateway.max-events-per-second");
        assertThat(said).hasSize(PER_SECOND);
        assertThat(world.observer.limits).containsExactly(Limit.MAX_EVENTS_PER_SECOND);
        world.advance(Duration.ofMillis(1_000 / PER_SECOND));
        assertWorks(ada);
    }

    @Test
    void eventsThatThereAreNotCountToo() {
        Peer ada = world.connect("ada");
        for (int event = 0; event < PER_SECOND; event++) {
            ada.packet("2[\"shout\"]");
        }

        ada.emit(90, "shout", "{}");
        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("too_many_requests");
        ada.emit(91, "say", "{}");
        assertThat(ada.ack().path("error").path("code").asString()).isEqualTo("too_many_requests");
        assertThat(said).isEmpty();
    }

    @Test
    void eachSocketHasItsOwnRate() {
        Peer ada = world.connect("ada");
        for (int event = 0; event < 2 * PER_SECOND; event++) {
            ada.packet("2[\"say\",{}]");
        }

        assertWorks(world.connect("ada"));
    }

    @Test
    void aSocketThatFloodsIsClosedAtItsBoundAndNotBefore() {
        Peer ada = world.connect("ada");
        for (int event = 0; event < PER_SECOND + 10 * PER_SECOND - 1; event++) {
            ada.packet("2[\"say\",{}]");
        }
        assertThat(ada.open()).isTrue();
        assertThat(ada.events()).isEmpty();

        ada.packet("2[\"say\",{}]");

        JsonNode closing = ada.event();
        assertThat(closing.get(0).asString()).isEqualTo("closing");
        assertThat(closing.get(1).path("code").asString()).isEqualTo("too_many_requests");
        assertThat(ada.disconnected()).isTrue();
        assertThat(ada.open()).isFalse();
        assertThat(said).hasSize(PER_SECOND);
    }

    @Test
    void aSocketThatSlowsDownInBetweenIsNotClosed() {
        Peer ada = world.connect("ada");
        for (int round = 0; round < 3; round++) {
            for (int event = 0; event < 10 * PER_SECOND - 1; event++) {
                ada.packet("2[\"say\",{}]");
            }
            world.advance(Duration.ofMillis(1_000 / PER_SECOND));
        }

        assertThat(ada.open()).isTrue();
    }

    // --- the clock ---------------------------------------------------------------------------------------------------

    @Test
    void theClockIsAnsweredWithTheServersTime() {
        Peer ada = world.connect("ada");
        world.time.moveTo(Duration.ofMillis(1_234).toNanos());

        ada.emit(1, "clock", "{}");

        assertThat(ada.ack()).isEqualTo(Peer.json("{\"at\":\"2026-03-01T12:00:01.234Z\"}"));
    }

    @Test
    void theClockTakesNoFields() {
        Peer ada = world.connect("ada").emit(1, "clock", "{\"zone\":\"UTC\"}");

        JsonNode error = ada.ack().path("error");
        assertThat(error.path("code").asString()).isEqualTo("invalid_request");
        assertThat(error.path("errors"))
                .isEqualTo(Peer.json("[{\"field\":\"zone\",\"detail\":\"is not a field here; there are none\"}]"));
        assertThat(clock(ada).has("at")).isTrue();
    }

    @Test
    void theClockIsAnsweredWhenOtherEventsAreRefusedAndDoesNotCountAsOne() {
        Peer ada = world.connect("ada");
        for (int event = 0; event < ClockCommand.MAX_PER_SECOND; event++) {
            assertThat(clock(ada).has("at")).isTrue();
        }
        for (int event = 0; event < PER_SECOND; event++) {
            ada.packet("2[\"say\",{}]");
        }
        assertThat(said).hasSize(PER_SECOND);
        world.advance(Duration.ofMillis(1_000 / ClockCommand.MAX_PER_SECOND));
        ada.packet("2[\"say\",{}]").packet("2[\"say\",{}]");

        assertThat(clock(ada).has("at")).isTrue();
    }

    @Test
    void theClockHasARateOfItsOwn() {
        Peer ada = world.connect("ada");
        for (int event = 0; event < ClockCommand.MAX_PER_SECOND; event++) {
            assertThat(clock(ada).has("at")).isTrue();
        }

        JsonNode error = clock(ada).path("error");

        assertThat(error.path("code").asString()).isEqualTo("too_many_requests");
        assertThat(error.path("retryAfterMs").asLong()).isEqualTo(1_000 / ClockCommand.MAX_PER_SECOND);
        assertThat(error.path("message").asString()).isEqualTo("A socket sends at most 5 events a second of clock");
        assertThat(world.observer.limits).containsExactly(Limit.MAX_EVENTS_PER_SECOND);
        assertWorks(ada);
        world.advance(Duration.ofMillis(1_000 / ClockCommand.MAX_PER_SECOND));
        assertThat(clock(ada).has("at")).isTrue();
    }

    @Test
    void aSocketThatFloodsTheClockIsClosedAtItsBoundAndNotBefore() {
        Peer ada = world.connect("ada");
        for (int event = 0; event < 11 * ClockCommand.MAX_PER_SECOND - 1; event++) {
            ada.packet("2[\"clock\",{}]");
        }
        assertThat(ada.open()).isTrue();

        ada.packet("2[\"clock\",{}]");

        assertThat(ada.event().get(1).path("code").asString()).isEqualTo("too_many_requests");
        assertThat(ada.open()).isFalse();
    }

    private static JsonNode clock(Peer peer) {
        return peer.emit(98, "clock", "{}").ack();
    }

    // --- what is left of a connect -----------------------------------------------------------------------------------

    @Test
    void aConnectedSocketHoldsNoTokenInItsMemory() {
        world.connect("ada");

        assertThat(world.gateway.sockets().of("/").sockets().values())
                .singleElement()
                .satisfies(socket -> assertThat(socket.auth().isEmpty()).isTrue());
    }

    private void assertWorks(Peer peer) {
        int before = said.size();
        peer.emit(99, "say", "{\"text\":\"still here\"}");
        assertThat(peer.ack().path("said").asInt()).isEqualTo(before + 1);
        assertThat(said.getLast()).endsWith("still here");
    }
}
