package io.heliograph.server.search;

import java.text.Normalizer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Splits texts into words, in the same way for documents and for queries, so that both databases have the same words.
 *
 * <p>A word is a run of letters and digits without case and marks: {@code "Größe Á-2"} has the words {@code grosse}, {@code
 * a} and {@code 2}. Each ideograph is one word, because texts have no spaces between them. A word is cut at
 * {@value #MAX_LENGTH} characters. Characters are Unicode code points.
 *
 * <p>Stateless.
 */
final class Words {
    static final int MAX_LENGTH = 64;
    private static final int ZERO_WIDTH_SPACE = 0x200B;

    private Words() {}

    /** The distinct words of a text, in its order. */
    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        add(text, words, Integer.MAX_VALUE);
        return words;
    }

    /** Adds the words of a text until there are {@code max}. */
    static void add(String text, Collection<String> words, int max) {
        String folded = fold(text);
        StringBuilder word = new StringBuilder();
        int length = 0;
        for (int index = 0; index < folded.length() && words.size() < max; ) {
            int character = folded.codePointAt(index);
            index += Character.charCount(character);
            boolean ideograph = Character.isIdeographic(character);
            if (ideograph || !Character.isLetterOrDigit(character)) {
                flush(word, words);
                length = 0;
            }
            if (ideograph) {
                words.add(Character.toString(character));
            } else if (Character.isLetterOrDigit(character) && length < MAX_LENGTH) {
                word.appendCodePoint(character);
                length++;
            }
        }
        if (words.size() < max) {
            flush(word, words);
        }
    }

    private static void flush(StringBuilder word, Collection<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /**
     * Without case, marks and invisible characters, and with compatible characters replaced by their plain forms. The upper
     * case of {@code ß} is {@code SS}, and {@code ẞ} has a lower case only.
     */
    private static String fold(String text) {
        if (isAscii(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        String upper = withoutMarks(text).toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
        // Upper case may have marks again. Lower case goes by characters: a sigma is the same at the end of a word.
        StringBuilder folded = new StringBuilder(upper.length());
        withoutMarks(upper).codePoints().map(Character::toLowerCase).forEach(folded::appendCodePoint);
        return folded.toString();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(unit -> unit < 0x80);
    }

    private static String withoutMarks(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .codePoints()
                .filter(Words::isPlain)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> false;
            // A soft hyphen or a joiner stands within a word.
            case Character.FORMAT -> character == ZERO_WIDTH_SPACE;
            default -> true;
        };
    }
}
