package io.heliograph.server.approvals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The one way to write a JSON value, so that equal values have equal digests whoever computed them.
 *
 * <p>Numbers are IEEE 754 doubles written as ECMAScript writes them; a number that no double holds exactly, such as
 * 9007199254740993, has no canonical form, and neither has text with half a surrogate pair. Pure; safe from any thread.
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
            case NUMBER -> out.append(number(exactDouble(value)));
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

    private static double exactDouble(JsonNode number) throws NotCanonical {
        double value = number.isIntegralNumber() ? number.decimalValue().doubleValue() : number.asDouble();
        if (!Double.isFinite(value)) {
            throw new NotCanonical("holds a number beyond the range of a double; send it as text");
        }
        if (number.isIntegralNumber() && new BigDecimal(value).compareTo(number.decimalValue()) != 0) {
            throw new NotCanonical(
                    "holds " + number.decimalValue().toPlainString() + ", which no double holds; send it as text");
        }
        return value;
    }

    /** Section 3.2.2.3, ECMA-262 Number::toString: the fewest digits that read back as the same double. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale(); // the value is 0.digits × 10^point
        return (value < 0 ? "-" : "") + layOut(digits, point);
    }

    private static String layOut(String digits, int point) {
        if (point > 21 || point <= -6) {
            int exponent = point - 1;
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (point >= digits.length()) {
            return digits + "0".repeat(point - digits.length());
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }

    /**
     * Double.toString gives the shortest digits too, but never fewer than two: the smallest double is 4.9E-324 there
     * and 5e-324 in ECMAScript.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal two = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (two.precision() == 2) {
            BigDecimal one = two.round(new MathContext(1)).stripTrailingZeros();
            if (one.doubleValue() == value) {
                return one;
            }
        }
        return two;
    }
}
