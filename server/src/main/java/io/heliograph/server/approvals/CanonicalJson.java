package io.heliograph.server.approvals;

import io.heliograph.server.json.JsonNumbers;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Writes a JSON value in its canonical form, so that equal values have equal digests.
 *
 * <p>Numbers are IEEE 754 doubles written as ECMAScript writes them ({@link JsonNumbers}); a number that differs from
 * what its double prints, such as 9007199254740993, has no canonical form, and neither has text with an unpaired
 * surrogate. So no two numbers share a digest. Pure; safe from any thread.
 *
 * <p>Source: RFC 8785, JSON Canonicalization Scheme.
 */
final class CanonicalJson {

    private CanonicalJson() {}

    /** A value without canonical form. The message names the value's fault and the fix. */
    static final class NotCanonical extends Exception {
        NotCanonical(String message) {
            super(message);
        }
    }

    /** SHA-256 of the canonical form, in 64 lower-case hexadecimal digits. */
    static String digest(JsonNode value) throws NotCanonical {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(write(value).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String write(JsonNode value) throws NotCanonical {
        StringBuilder out = new StringBuilder();
        append(value, out);
        return out.toString();
    }

    private static void append(JsonNode value, StringBuilder out) throws NotCanonical {
        switch (value.getNodeType()) {
            case OBJECT -> appendObject(value, out);
            case ARRAY -> appendArray(value, out);
            case STRING -> appendText(value.asString(), out);
            case NUMBER -> out.append(canonicalNumber(value));
            case BOOLEAN -> out.append(value.asBoolean());
            case NULL -> out.append("null");
            case BINARY, MISSING, POJO -> throw new NotCanonical("holds a value that JSON does not have");
        }
    }

    private static void appendObject(JsonNode object, StringBuilder out) throws NotCanonical {
        // Section 3.2.3: names sort by their UTF-16 code units, which is how String compares.
        List<String> names = new ArrayList<>(object.propertyNames());
        names.sort(null);
        out.append('{');
        String separator = "";
        for (String name : names) {
            out.append(separator);
            appendText(name, out);
            out.append(':');
            append(object.required(name), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void appendArray(JsonNode array, StringBuilder out) throws NotCanonical {
        out.append('[');
        String separator = "";
        for (JsonNode item : array) {
            out.append(separator);
            append(item, out);
            separator = ",";
        }
        out.append(']');
    }

    /** Section 3.2.2.2: the seven short escapes, other controls in lower-case hexadecimal, all else as it is. */
    private static void appendText(String text, StringBuilder out) throws NotCanonical {
        out.append('"');
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            switch (unit) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (unit < 0x20) {
                        out.append("\\u00").append(HexFormat.of().toHexDigits((byte) unit));
                    } else if (!Character.isSurrogate(unit)) {
                        out.append(unit);
                    } else if (Character.isHighSurrogate(unit)
                            && index + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(index + 1))) {
                        out.append(unit).append(text.charAt(++index));
                    } else {
                        throw new NotCanonical("holds text with half a surrogate pair, which UTF-8 cannot carry");
                    }
                }
            }
        }
        out.append('"');
    }

    /** A number whose digest another number would share has no canonical form. */
    private static String canonicalNumber(JsonNode number) throws NotCanonical {
        BigDecimal value = number.decimalValue();
        if (!JsonNumbers.isExact(value)) {
            throw new NotCanonical("holds " + value + ", " + JsonNumbers.NOT_EXACT);
        }
        return JsonNumbers.format(value.doubleValue());
    }
}
