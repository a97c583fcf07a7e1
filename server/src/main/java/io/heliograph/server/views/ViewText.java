package io.heliograph.server.views;

import io.heliograph.server.errors.Fields;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the texts of a view. Pure. */
final class ViewText {
    private static final int MAX_NAME = 60;
    private static final int MAX_QUERY = 2_000;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
    /** Control characters, line separators and marks of direction, which would change how a list of names reads. */
    private static final Pattern MISLEADING =
            Pattern.compile("[\\p{Cc}\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]");

    private ViewText() {}

    /** Of the field {@code name}. */
    static String name(String name) {
        Fields.text("name", name, MAX_NAME);
        Fields.check(name.equals(name.strip()), "name", "must not begin or end with a space");
        Fields.check(
                !MISLEADING.matcher(name).find(),
                "name",
                "must not contain control characters, line separators or marks of direction");
        return name;
    }

    /** Of the field {@code query}, which may be empty. */
    static String query(String query) {
        Fields.optionalText("query", Optional.of(query), MAX_QUERY);
        Fields.check(!CONTROL.matcher(query).find(), "query", "must not contain control characters");
        return query;
    }
}
