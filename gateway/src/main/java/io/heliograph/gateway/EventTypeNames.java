package io.heliograph.gateway;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The types that events of other services can have: {@code family:name} in lower case, at most {@value #MAX_LENGTH}
 * characters. The families of events that the gateway and Heliograph's server send themselves are not for others. Stateless.
 */
public final class EventTypeNames {
    public static final int MAX_LENGTH = 64;

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

    private EventTypeNames() {}

    /** What the type must be instead, in words that continue the name of its field; empty when an event can have it. */
    public static Optional<String> fault(String type) {
        if (type.length() > MAX_LENGTH || !SHAPE.matcher(type).matches()) {
            return Optional.of("must be family:name in lower case, such as order:shipped, of at most " + MAX_LENGTH
                    + " characters of a-z 0-9 . - and, in the name, _");
        }
        String family = type.substring(0, type.indexOf(':'));
        return RESERVED.contains(family)
                ? Optional.of("must not be of the family " + family + ", which is Heliograph's own")
                : Optional.empty();
    }
}
