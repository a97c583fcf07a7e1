package io.heliograph.server.errors;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks for the constructors of request records. Each returns the value when it is right, else throws an {@link
 * InvalidFieldException} that says what it must be. Characters are Unicode code points.
 */
public final class Fields {
    private Fields() {}

    /** A field that must be there. */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidFieldException(field, "is required");
        }
        return value;
    }

    /** A text that must be there, is not blank, and has at most {@code max} characters. */
    public static String text(String field, @Nullable String value, int max) {
        String text = required(field, value);
        if (text.isBlank() || UnicodeText.length(text) > max) {
            throw new InvalidFieldException(field, "must be 1 to " + max + " characters, and not blank");
        }
        return text;
    }

    /** A text that may be absent, and has at most {@code max} characters. */
    public static Optional<String> optionalText(String field, Optional<String> text, int max) {
        if (text.isPresent() && UnicodeText.length(text.get()) > max) {
            throw new InvalidFieldException(field, "must be at most " + max + " characters");
        }
        return text;
    }

    /** A whole number from {@code min} to {@code max}. */
    public static long range(String field, long value, long min, long max) {
        check(value >= min && value <= max, field, "must be a whole number from " + min + " to " + max);
        return value;
    }

    /** At most {@code maxItems} texts, each as {@link #text} wants it. */
    public static List<String> texts(String field, List<String> texts, int maxItems, int maxLength) {
        atMost(field, texts, maxItems);
        for (int index = 0; index < texts.size(); index++) {
            text(field + "[" + index + "]", texts.get(index), maxLength);
        }
        return List.copyOf(texts);
    }

    /** At most {@code max} items. */
    public static <C extends Collection<?>> C atMost(String field, C items, int max) {
        check(items.size() <= max, field, "must have at most " + max + " items");
        return items;
    }

    /** A tree that may be absent, and is not {@code null}. */
    public static void notNull(String field, Optional<JsonNode> value) {
        check(value.isEmpty() || !value.get().isNull(), field, "must not be null; leave it out");
    }

    /** Any other condition of a field. */
    public static void check(boolean right, String field, String expected) {
        if (!right) {
            throw new InvalidFieldException(field, expected);
        }
    }
}
