package io.heliograph.eventlog;

import java.util.regex.Pattern;

/**
 * What the names of the log's tables begin with, so that they can live in another application's schema. Immutable.
 *
 * @param value empty, or a lower-case name of at most 32 characters such as {@code heliograph_}
 */
record TablePrefix(String value) {
    private static final Pattern SHAPE = Pattern.compile("|[a-z][a-z0-9_]{0,31}");
    private static final Pattern TABLE = Pattern.compile("\\blog_(head|event|shared)\\b");

    static final TablePrefix NONE = new TablePrefix("");

    TablePrefix {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("tablePrefix is \"" + value
                    + "\", expected nothing, or 1 to 32 characters of a-z 0-9 _ that begin with a letter");
        }
    }

    /** The statement with the names of the tables as they are in the database. */
    String in(String sql) {
        return value.isEmpty() ? sql : TABLE.matcher(sql).replaceAll(value + "$0");
    }
}
