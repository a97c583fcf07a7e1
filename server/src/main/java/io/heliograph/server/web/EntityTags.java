package io.heliograph.server.web;

import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The versions in a header {@code If-Match} or {@code If-None-Match}. An entity tag of this server is the object's
 * version; the forms that proxies or compressing filters make of it ({@code W/"3"}, {@code "3-gzip"}, {@code
 * "3--gzip"}, {@code "3;gzip"}) name the same version. Immutable.
 *
 * <p>Source: RFC 9110 sections 8.8.3, 13.1.1 and 13.1.2.
 *
 * @param any the header is {@code *}
 */
public record EntityTags(boolean any, Set<Long> versions) {
    /** One tag with what separates it from the next; a comma may stand inside the quotes. */
    private static final Pattern TAG =
            Pattern.compile("[ \\t,]*(?:W/)?\"([\\x21\\x23-\\x7e\\x80-\\x{ffff}]*)\"[ \\t]*(?:,[ \\t,]*|$)");

    private static final Pattern VERSION = Pattern.compile("([0-9]{1,18})(?:[-;].*)?");

    public EntityTags {
        versions = Set.copyOf(versions);
    }

    /** The tag of a version. */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * Reads a header; empty when the request has none.
     *
     * @param header its name, for the error
     * @throws ProblemException {@code invalid_request} when no tag in it can be one of this server's
     */
    public static Optional<EntityTags> parse(String header, @Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        if (value.strip().equals("*")) {
            return Optional.of(new EntityTags(true, Set.of()));
        }
        Set<Long> versions = new HashSet<>();
        Matcher tags = TAG.matcher(value);
        int end = 0;
        while (end < value.length() && tags.find(end) && tags.start() == end) {
            Matcher version = VERSION.matcher(tags.group(1));
            if (version.matches()) {
                versions.add(Long.parseLong(version.group(1)));
            }
            end = tags.end();
        }
        if (end < value.length() || versions.isEmpty()) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    header + " must be an ETag as this server gave it, such as \"3\" with its quotes, several of them"
                            + " separated by commas, or *.");
        }
        return Optional.of(new EntityTags(false, versions));
    }

    /** Whether one of the tags is the version's. */
    public boolean include(long version) {
        return any || versions.contains(version);
    }
}
