package io.heliograph.server.publishing;

import io.heliograph.server.errors.Fields;
import io.heliograph.server.errors.InvalidFieldException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that a published event can have: {@code family:name} in lower case. The families of this server's own events
 * are not for others.
 */
final class EventType {
    static final int MAX_LENGTH = 64;

    private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9.-]*:[a-z][a-z0-9._-]*");
    private static final Set<String> RESERVED = Set.of(
            "approval",
            "agent",
            "notification",
            "auth",
            "presence",
            "reset",
            "drain",
            "closing",
            "stop",
            "rule",
            "grant",
            "comment",
            "clock",
            "topics");

    private EventType() {}

    /** @throws InvalidFieldException when no event can have this type */
    static String check(String field, @Nullable String value) {
        String type = Fields.required(field, value);
        Fields.check(
                type.length() <= MAX_LENGTH && SHAPE.matcher(type).matches(),
                field,
                "must be family:name in lower case, such as order:shipped, of at most " + MAX_LENGTH
                        + " characters of a-z 0-9 . - and, in the name, _");
        String family = type.substring(0, type.indexOf(':'));
        Fields.check(
                !RESERVED.contains(family),
                field,
                "must not be of the family " + family + ", which is Heliograph's own");
        return type;
    }
}
