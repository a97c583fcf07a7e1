package io.heliograph.server.errors;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The one rule for text that comes in: it is well-formed Unicode without U+0000, so that both databases, UTF-8 and every
 * reader keep it as it is. Nothing is normalised. Pure; safe from any thread.
 */
public final class UnicodeText {
    private static final char MALFORMED = '\uDFFF';
    /** The character that decoders substitute for invalid UTF-8. */
    public static final char REPLACEMENT = '\uFFFD';

    private UnicodeText() {}

    /** The fault of the text, as the end of a sentence; empty when it is valid. */
    public static Optional<String> fault(String text) {
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            if (unit == 0) {
                return Optional.of("must not contain U+0000");
            }
            if (Character.isSurrogate(unit) && !isPair(text, index++)) {
                return Optional.of(
                        "must be well-formed Unicode; it has bytes that are not UTF-8, or an unpaired surrogate");
            }
        }
        return Optional.empty();
    }

    /** The text with U+FFFD in place of invalid characters, for an error message. */
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            if (Character.isSurrogate(unit) && isPair(text, index)) {
                printable.append(unit).append(text.charAt(++index));
            } else {
                printable.append(unit == 0 || Character.isSurrogate(unit) ? REPLACEMENT : unit);
            }
        }
        return printable.toString();
    }

    /**
     * Decodes UTF-8. A sequence that is not UTF-8 becomes an unpaired surrogate, which UTF-8 never decodes to, so that
     * {@link #fault} finds it in the text that it stands in.
     */
    public static String decode(byte[] utf8) {
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith(String.valueOf(MALFORMED))
                    .decode(ByteBuffer.wrap(utf8));
            return text.toString();
        } catch (CharacterCodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Length in code points, as JSON Schema and PostgreSQL count it. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isPair(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1));
    }
}
