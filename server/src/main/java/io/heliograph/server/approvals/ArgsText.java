package io.heliograph.server.approvals;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** The text of an action's args that is searched: names and values, in their order. Stateless. */
final class ArgsText {
    /** UTF-8 bytes. */
    static final int MAX_BYTES = 4 * 1024;

    private ArgsText() {}

    /** The first {@value #MAX_BYTES} bytes of it, with a space between each two; what follows a fault is left out. */
    static String of(String args, JsonMapper json) {
        StringBuilder text = new StringBuilder();
        int left = MAX_BYTES;
        try (JsonParser parser = json.createParser(args)) {
            for (JsonToken token = parser.nextToken(); token != null && left > 0; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME || (token.isScalarValue() && token != JsonToken.VALUE_NULL)) {
                    String part = first(left, parser.getString());
                    text.append(part).append(' ');
                    left -= part.getBytes(StandardCharsets.UTF_8).length;
                }
            }
        } catch (JacksonException _) {
            // Stored args are JSON. If some are not, all the rest of the approval is searched.
        }
        return text.toString();
    }

    /** The beginning of a text that has at most so many bytes. */
    private static String first(int bytes, String text) {
        int length = 0;
        int left = bytes;
        while (length < text.length()) {
            int character = text.codePointAt(length);
            left -= character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (left < 0) {
                return text.substring(0, length);
            }
            length += Character.charCount(character);
        }
        return text;
    }
}
