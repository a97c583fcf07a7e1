package io.heliograph.server.approvals;

import io.heliograph.server.json.JsonNumbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;
import tools.jackson.databind.JsonNode;

/**
 * Writes a JSON value in its canonical form, so that equal values have equal digests.
 *
 * <p>A number that differs from what its double prints, such as 9007199254740993, has no canonical form ({@link
 * JsonNumbers}), and neither has text with an unpaired surrogate. So no two numbers share a digest. Pure; safe from any
 * thread.
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

    /** The canonical form of an object or array. */
    static String write(JsonNode value) throws NotCanonical {
        checkNumbers(value);
        String text = value.toString();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new NotCanonical("holds text with half a surrogate pair, which UTF-8 cannot carry");
        }
        try {
            return new JsonCanonicalizer(text).getEncodedString();
        } catch (IOException e) {
            throw new IllegalStateException("a parsed value is valid JSON", e);
        }
    }

    private static void checkNumbers(JsonNode value) throws NotCanonical {
        if (value.isNumber() && !JsonNumbers.isExact(value.decimalValue())) {
            throw new NotCanonical("holds " + value + ", " + JsonNumbers.NOT_EXACT);
        }
        for (JsonNode item : value) {
            checkNumbers(item);
        }
    }
}
