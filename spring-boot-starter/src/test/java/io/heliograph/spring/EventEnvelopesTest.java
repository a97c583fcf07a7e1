package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.Audience;
import io.heliograph.eventlog.Draft;
import io.heliograph.eventlog.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class EventEnvelopesTest {
    private static final JsonMapper SNAKE = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final EventEnvelopes envelopes = new EventEnvelopes(SNAKE, "shop \"1\"", 100);

    record Order(int orderId, List<String> lines) {}

    @Test
    void theEnvelopeHasWhatEveryEventHas() {
        Draft draft = envelopes.draft(
                "order:shipped",
                new Order(42, List.of("a")),
                Recipients.member("ada").about("orders/42"));

        JsonNode envelope = at(draft, 7);

        assertThat(draft.audience()).isEqualTo(Audience.member("ada"));
        assertThat(draft.topic()).contains("orders/42");
        assertThat(envelope.toString())
                .isEqualTo("{\"id\":\"" + draft.id() + "\",\"type\":\"order:shipped\",\"offset\":7,"
                        + "\"at\":\"2026-03-01T12:00:00.000Z\",\"actor\":{\"type\":\"system\",\"name\":\"shop \\\"1\\\"\"},"
                        + "\"topic\":\"orders/42\",\"data\":{\"order_id\":42,\"lines\":[\"a\"]}}");
    }

    @Test
    void dataIsWhatItWasAtTheCall() {
        List<String> lines = new ArrayList<>(List.of("a"));
        Draft draft = envelopes.draft("order:shipped", new Order(42, lines), Recipients.everyone());
        lines.add("b");

        assertThat(at(draft, 1).at("/data/lines")).hasSize(1);
    }

    @Test
    void typesOfHeliographAndMalformedOnesAreRefused() {
        for (String type : List.of("order", "Order:shipped", "order:", "a:" + "b".repeat(63), "order:shipped\"")) {
            assertThatThrownBy(() -> envelopes.draft(type, 1, Recipients.everyone()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("family:name");
        }
        assertThatThrownBy(() -> envelopes.draft("auth:expiring", 1, Recipients.everyone()))
                .hasMessageContaining("which is Heliograph's own");
    }

    @Test
    void dataHasABoundInBytes() {
        assertThat(envelopes.draft("a:b", "x".repeat(98), Recipients.everyone()).id())
                .startsWith("evt_");
        assertThatThrownBy(() -> envelopes.draft("a:b", Map.of("text", "\u00fc".repeat(50)), Recipients.everyone()))
                .hasMessageContaining("111 bytes")
                .hasMessageContaining("heliograph.max-event-data");
    }

    private static JsonNode at(Draft draft, long offset) {
        return SNAKE.readTree(draft.envelope()
                .encode(new Position("k3", offset, Instant.parse("2026-03-01T12:00:00Z")))
                .bytes());
    }
}
