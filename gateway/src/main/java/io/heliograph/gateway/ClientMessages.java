package io.heliograph.gateway;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Parses the messages that clients send to the gateway itself. Each field must have exactly its type. Pure. */
final class ClientMessages {
    private static final int MAX_TOKEN = 16_384;
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private ClientMessages() {}

    /**
     * The payload of CONNECT. Other fields are the application's own and are ignored; {@code pid} and {@code offset}
     * are the stock client's.
     */
    record Connect(Optional<String> token, Optional<String> pid, Optional<String> offset, Optional<String> cursor) {}

    /** @throws InvalidMessageException that names the field */
    static Connect connect(JsonNode auth) {
        if (!auth.isObject()) {
            throw new InvalidMessageException("auth", "must be an object");
        }
        return new Connect(
                optionalText(auth, "token"),
                optionalText(auth, "pid"),
                optionalText(auth, "offset"),
                optionalText(auth, "cursor"));
    }

    /**
     * The token of an {@code auth:renew}.
     *
     * @throws InvalidMessageException that names the field
     */
    static String renewal(JsonNode argument) {
        requireFields(argument, "token");
        JsonNode token = argument.get("token");
        if (token == null || token.isNull()) {
            throw new InvalidMessageException("token", "is required");
        }
        String text = text("token", token);
        if (text.isBlank() || text.length() > MAX_TOKEN) {
            throw new InvalidMessageException("token", "must be 1 to " + MAX_TOKEN + " characters, and not blank");
        }
        return text;
    }

    /**
     * Requires an object with no other fields than these; each may be absent.
     *
     * @throws InvalidMessageException that names the field
     */
    static void requireFields(JsonNode argument, String... fields) {
        if (!argument.isObject()) {
            throw new InvalidMessageException(InvalidMessageException.WHOLE, "must be an object");
        }
        List<String> known = List.of(fields);
        for (String name : argument.propertyNames()) {
            if (!known.contains(name)) {
                String others = known.isEmpty() ? "there are none" : "there are: " + String.join(", ", known);
                throw new InvalidMessageException(printable(name), "is not a field here; " + others);
            }
        }
    }

    /** {@code 2026-03-01T12:00:00.000Z}. */
    static String format(Instant instant) {
        return MILLIS.format(instant.truncatedTo(ChronoUnit.MILLIS));
    }

    private static Optional<String> optionalText(JsonNode auth, String field) {
        @Nullable JsonNode value = auth.get(field);
        return value == null ? Optional.empty() : Optional.of(text("auth." + field, value));
    }

    private static String text(String field, JsonNode value) {
        if (!value.isString()) {
            throw new InvalidMessageException(field, "must be a text");
        }
        String text = value.asString();
        if (text.indexOf(0) >= 0) {
            throw new InvalidMessageException(field, "must not contain U+0000");
        }
        if (text.codePoints().anyMatch(ClientMessages::isSurrogate)) {
            throw new InvalidMessageException(
                    field, "must be well-formed Unicode; it has bytes that are not UTF-8, or an unpaired surrogate");
        }
        return text;
    }

    /** A name out of a message, for an error text. */
    private static String printable(String name) {
        StringBuilder printable = new StringBuilder(name.length());
        name.codePoints()
                .map(point -> point == 0 || isSurrogate(point) ? 0xFFFD : point)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    /** A surrogate without its other half: pairs come as one code point. */
    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
