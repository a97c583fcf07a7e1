package io.heliograph.server.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TraceIdTest {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void theLastFieldOfAnEnvelopeIsFound() {
        assertThat(TraceId.of(bytes("{\"data\":{},\"traceId\":\"" + ID + "\"}")))
                .contains(ID);
    }

    @Test
    void whatACallerPutsIntoTheDataIsNotTakenForIt() {
        assertThat(TraceId.of(bytes("{\"data\":{\"a\":1,\"traceId\":\"" + ID + "\"}}")))
                .isEmpty();
    }

    @Test
    void anEnvelopeWithoutOneAndOneTooShortHaveNone() {
        assertThat(TraceId.of(bytes("{\"id\":\"evt_1\",\"type\":\"approval:created\",\"offset\":1,\"data\":{}}")))
                .isEmpty();
        assertThat(TraceId.of(bytes("{}"))).isEmpty();
        assertThat(TraceId.of(bytes(""))).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
