package io.heliograph.server.json;

import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.UnicodeText;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Checks every token of a JSON object and rejects values that would not be kept exactly, by the path of their field:
 * text and names that violate {@link UnicodeText}, inexact numbers ({@link JsonNumbers}), duplicate fields, and nesting
 * deeper than {@value #MAX_DEPTH} levels. It does not check what a field may hold.
 *
 * <p>For one document; owned by the thread that reads it. Recursion is bounded by the depth.
 */
final class DocumentCheck {
    static final int MAX_DEPTH = 100;

    private final JsonParser parser;
    /** The value that is read now; null for the document itself. */
    private @Nullable Path at;

    private DocumentCheck(JsonParser parser) {
        this.parser = parser;
    }

    /** A step from the document to a value: a name, or an index in brackets. */
    private record Path(@Nullable Path parent, String step) {
        @Override
        public String toString() {
            if (parent == null) {
                return step;
            }
            return parent + (step.startsWith("[") ? "" : ".") + step;
        }

        Path root() {
            return parent == null ? this : parent.root();
        }
    }

    /** @throws InvalidFieldException that names the field */
    static void check(JsonParser parser) {
        DocumentCheck check = new DocumentCheck(parser);
        try {
            JsonToken first = parser.nextToken();
            if (first != null && first != JsonToken.START_OBJECT) {
                throw check.fault(null, "must be one JSON object");
            }
            check.value(0);
        } catch (StreamConstraintsException _) {
            throw check.fault(check.at, "has a number or a name that is too long");
        }
    }

    private void value(int depth) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return;
        }
        switch (token) {
            case START_OBJECT -> object(depth + 1);
            case START_ARRAY -> array(depth + 1);
            case VALUE_STRING -> text(at, parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
            default -> {} // true, false and null
        }
    }

    private void object(int depth) {
        checkDepth(depth);
        Path parent = at;
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            at = new Path(parent, name);
            text(new Path(parent, UnicodeText.printable(name)), name);
            if (!names.add(name)) {
                throw fault(at, "is there twice");
            }
            parser.nextToken();
            value(depth);
        }
        at = parent;
    }

    private void array(int depth) {
        checkDepth(depth);
        Path parent = at;
        int index = 0;
        at = new Path(parent, "[0]");
        while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            value(depth);
            index++;
            at = new Path(parent, "[" + index + "]");
        }
        at = parent;
    }

    private void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw fault(at == null ? null : at.root(), "is nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    private void text(@Nullable Path path, String text) {
        UnicodeText.fault(text).ifPresent(fault -> {
            throw fault(path, fault);
        });
    }

    private void number(String literal) {
        if (!JsonNumbers.isExact(literal)) {
            throw fault(at, "is " + literal + ", " + JsonNumbers.NOT_EXACT);
        }
    }

    private InvalidFieldException fault(@Nullable Path path, String expected) {
        return new InvalidFieldException(path == null ? "body" : path.toString(), expected);
    }
}
