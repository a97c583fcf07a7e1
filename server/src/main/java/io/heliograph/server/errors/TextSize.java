package io.heliograph.server.errors;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Checks of request fields whose limit is in bytes, as in {@link Fields}. */
public final class TextSize {
    private TextSize() {}

    /** A text of at most {@code maxBytes} bytes of UTF-8. */
    public static void text(String field, Optional<String> text, int maxBytes) {
        if (text.isPresent()) {
            long bytes = text.get().getBytes(StandardCharsets.UTF_8).length;
            Fields.check(bytes <= maxBytes, field, "must be at most " + maxBytes + " bytes, and has " + bytes);
        }
    }

    /** The value; empty for JSON null and for an absent field, for which Jackson has its own node types. */
    public static Optional<JsonNode> given(Optional<JsonNode> value) {
        return value.filter(node -> !node.isNull() && !node.isMissingNode());
    }

    /** Any JSON value of at most {@code maxBytes} bytes. */
    public static void json(String field, JsonNode value, int maxBytes) {
        long bytes = value.toString().getBytes(StandardCharsets.UTF_8).length;
        Fields.check(bytes <= maxBytes, field, "must be at most " + maxBytes + " bytes of JSON, and has " + bytes);
    }

    public static void jsonObject(String field, JsonNode value, int maxBytes) {
        Fields.check(value.isObject(), field, "must be a JSON object");
        json(field, value, maxBytes);
    }
}
