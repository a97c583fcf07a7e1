package io.heliograph.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

final class JsonTest {
    private static final JsonMapper JSON = Json.mapper();

    @Test
    void timesHaveThreeDigitsOfFraction() {
        assertThat(JSON.writeValueAsString(Instant.parse("2026-03-01T12:00:00Z")))
                .isEqualTo("\"2026-03-01T12:00:00.000Z\"");
        assertThat(JSON.writeValueAsString(Instant.parse("2026-03-01T12:00:00.123987Z")))
                .isEqualTo("\"2026-03-01T12:00:00.123Z\"");
        assertThat(JSON.readValue("\"2026-03-01T13:00:00+01:00\"", Instant.class))
                .isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
    }

    @Test
    void absentOptionalsAreLeftOutAndReadAsEmpty() {
        Sample sample = new Sample("a", Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), Kind.TOOL_CALL);

        assertThat(JSON.writeValueAsString(sample)).isEqualTo("{\"name\":\"a\",\"kind\":\"tool_call\"}");
        assertThat(JSON.readValue("{\"name\":\"a\",\"kind\":\"tool_call\"}", Sample.class))
                .isEqualTo(sample);
        assertThat(JSON.readValue("{\"name\":\"a\",\"kind\":\"tool_call\",\"note\":null,\"size\":null}", Sample.class))
                .isEqualTo(sample);
    }

    @Test
    void enumsMayNameThemselves() {
        assertThat(JSON.writeValueAsString(List.of(Named.READ_ALL))).isEqualTo("[\"read:all\"]");
        assertThat(JSON.readValue("\"read:all\"", Named.class)).isEqualTo(Named.READ_ALL);
        assertThatThrownBy(() -> JSON.readValue("\"TOOL_CALL\"", Kind.class)).isInstanceOf(JacksonException.class);
    }

    @Test
    void unknownRepeatedAndTrailingInputIsAnError() {
        assertThatThrownBy(() -> JSON.readValue("{\"nmae\":\"a\"}", Sample.class))
                .isInstanceOf(UnrecognizedPropertyException.class);
        assertThatThrownBy(() -> JSON.readValue("{\"name\":\"a\",\"name\":\"b\"}", Sample.class))
                .isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> JSON.readTree("{} {}")).isInstanceOf(JacksonException.class);
    }

    private enum Kind {
        TEXT,
        TOOL_CALL
    }

    private enum Named {
        READ_ALL;

        @JsonValue
        String wireName() {
            return "read:all";
        }
    }

    private record Sample(
            @Nullable String name, Optional<String> note, OptionalInt size, OptionalLong total, Kind kind) {}
}
