package io.heliograph.server.web;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of query parameters. An absent parameter has its default; any other value must have exactly the
 * expected form, or an {@link InvalidFieldException} names the parameter and the allowed values. {@link QueryMapping}
 * has already checked that the parameter is known, given once and not blank.
 */
public final class QueryValues {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    private QueryValues() {}

    /** A whole number in decimal digits, without a sign, from {@code min} to {@code max}. */
    public static int wholeNumber(String name, @Nullable String value, int min, int max, int absent) {
        if (value == null) {
            return absent;
        }
        int number = WHOLE_NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
        Fields.check(
                number >= min && number <= max, name, "must be a whole number in digits, from " + min + " to " + max);
        return number;
    }

    /** One of an enum's constants by its name on the wire, which is in lower case. */
    public static <E extends Enum<E>> E choice(String name, @Nullable String value, E absent) {
        return value == null ? absent : constant(name, value, absent.getDeclaringClass(), "must be one of ");
    }

    /** Some of an enum's constants, separated by commas; none when the parameter is absent. */
    public static <E extends Enum<E>> Set<E> choices(String name, @Nullable String value, Class<E> type) {
        EnumSet<E> chosen = EnumSet.noneOf(type);
        if (value != null) {
            for (String part : value.split(",", -1)) {
                chosen.add(constant(name, part, type, "must be one or more, separated by commas, of "));
            }
        }
        return chosen;
    }

    /**
     * Texts separated by commas, in the order of their characters and each once; none when the parameter is absent.
     *
     * @param maxLength characters of one text
     */
    public static List<String> texts(String name, @Nullable String value, int maxTexts, int maxLength) {
        if (value == null) {
            return List.of();
        }
        List<String> texts = List.of(value.split(",", -1));
        Fields.check(
                texts.size() <= maxTexts
                        && texts.stream()
                                .allMatch(
                                        text -> !text.isBlank() && text.codePointCount(0, text.length()) <= maxLength),
                name,
                "must be 1 to " + maxTexts + " values separated by commas, each of 1 to " + maxLength
                        + " characters and not blank");
        return texts.stream().sorted().distinct().toList();
    }

    /** A text of at most {@code maxLength} characters. */
    public static Optional<String> text(String name, @Nullable String value, int maxLength) {
        return Optional.ofNullable(value).map(text -> Fields.text(name, text, maxLength));
    }

    /** {@code true} or {@code false}; absent is false. */
    public static boolean flag(String name, @Nullable String value) {
        Fields.check(value == null || value.equals("true") || value.equals("false"), name, "must be true or false");
        return "true".equals(value);
    }

    /** A time as in RFC 3339, whose years have four digits. */
    public static Optional<Instant> time(String name, @Nullable String value) {
        try {
            Optional<OffsetDateTime> time = Optional.ofNullable(value).map(OffsetDateTime::parse);
            Fields.check(
                    time.isEmpty() || (time.get().getYear() >= 0 && time.get().getYear() <= 9999),
                    name,
                    "must be a time of the years 0000 to 9999");
            return time.map(OffsetDateTime::toInstant);
        } catch (DateTimeParseException _) {
            throw new InvalidFieldException(name, "must be a time such as 2026-11-29T08:00:00Z");
        }
    }

    private static <E extends Enum<E>> E constant(String name, String value, Class<E> type, String expected) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> wireName(constant).equals(value))
                .findFirst()
                .orElseThrow(() -> new InvalidFieldException(
                        name,
                        expected
                                + Arrays.stream(type.getEnumConstants())
                                        .map(QueryValues::wireName)
                                        .collect(Collectors.joining(", "))));
    }

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
