package io.heliograph.server.json;

import io.heliograph.server.errors.InvalidFieldException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fault of JSON input, described for its sender. It contains nothing of the input's content and no internals.
 *
 * @param field path such as {@code decisions[1].outcome}; empty when the document as a whole is at fault
 * @param detail with a field, what it must be, as the end of a sentence; else a sentence
 */
public record JsonFault(String field, String detail) {
    public static final String WHOLE = "body";

    private static final JsonMapper NAMES = Json.mapper();

    public static JsonFault of(InvalidFieldException invalid) {
        return new JsonFault(invalid.field().isEmpty() ? WHOLE : invalid.field(), invalid.expected());
    }

    public static JsonFault of(JacksonException failure) {
        String path = path(failure);
        InvalidFieldException invalid = causeOf(failure);
        if (invalid != null) {
            return of(new InvalidFieldException(join(path, invalid.field()), invalid.expected()));
        }
        return switch (failure) {
            case UnrecognizedPropertyException unknown -> {
                String known = Optional.ofNullable(unknown.getKnownPropertyIds()).stream()
                        .flatMap(Collection::stream)
                        .map(String::valueOf)
                        .sorted()
                        .collect(Collectors.joining(", "));
                yield new JsonFault(path, "is not a field here; there are: " + known);
            }
            case InvalidFormatException format
            when format.getTargetType() != null ->
                new JsonFault(path.isEmpty() ? WHOLE : path, "must be " + expected(format.getTargetType()));
            case MismatchedInputException mismatch
            when mismatch.getTargetType() != null && !path.isEmpty() ->
                new JsonFault(path, "must be " + expected(mismatch.getTargetType()));
            case InputCoercionException outOfRange
            when !path.isEmpty() -> new JsonFault(path, "must be " + expected(outOfRange.getTargetType()));
            case DatabindException _ when !path.isEmpty() -> new JsonFault(path, "has a value that does not fit");
            default -> malformed(failure);
        };
    }

    /** The same of a document that is a field itself; as it is when {@code parent} is empty. */
    public JsonFault under(String parent) {
        if (parent.isEmpty()) {
            return this;
        }
        return new JsonFault(field.isEmpty() || field.equals(WHOLE) ? parent : parent + "." + field, detail);
    }

    /** As a sentence. */
    public String sentence() {
        return field.isEmpty() ? detail : field + " " + detail;
    }

    /** What a field of that type must be, behind "must be". */
    public static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + List.of(type.getEnumConstants()).stream()
                            .map(value -> NAMES.convertValue(value, String.class))
                            .collect(Collectors.joining(", "));
        }
        if (type == Instant.class) {
            return "a time with its offset, such as 2026-03-01T12:00:00.000Z";
        }
        if (type == int.class || type == Integer.class || type == OptionalInt.class) {
            return "a whole number of at most 32 bits, without fraction and exponent";
        }
        if (type == long.class || type == Long.class || type == OptionalLong.class) {
            return "a whole number of at most 64 bits, without fraction and exponent";
        }
        if (type == double.class || type == Double.class || type == OptionalDouble.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
    }

    /** Describes where the JSON is malformed. */
    private static JsonFault malformed(JacksonException failure) {
        String where = failure.getLocation() == null
                ? ""
                : " (line " + failure.getLocation().getLineNr() + ", column "
                        + failure.getLocation().getColumnNr() + ")";
        return new JsonFault("", "The body is not one well-formed JSON object" + where);
    }

    private static String path(JacksonException failure) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    private static String join(String path, String field) {
        return path.isEmpty() || field.isEmpty() || field.startsWith("[") ? path + field : path + "." + field;
    }

    private static @Nullable InvalidFieldException causeOf(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidFieldException invalid) {
                return invalid;
            }
        }
        return null;
    }
}
