package io.heliograph.server.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an API key may do. On the wire {@code approvals:create agents:write messages:write read agents:act-as events:publish}. A key
 * without named scopes gets the {@linkplain #defaults() defaults}; other scopes must be named, so that a scope added
 * later widens no key.
 */
public enum Scope {
    APPROVALS_CREATE("approvals:create", false),
    AGENTS_WRITE("agents:write", false),
    MESSAGES_WRITE("messages:write", false),
    READ("read", false),
    /** To act for agents of other keys that the key's {@link ActAs} names. */
    AGENTS_ACT_AS("agents:act-as", true),
    /** To publish events of the service's own types, and to say what is in them. */
    EVENTS_PUBLISH("events:publish", true);

    private final String wireName;
    private final boolean byNameOnly;

    Scope(String wireName, boolean byNameOnly) {
        this.wireName = wireName;
        this.byNameOnly = byNameOnly;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The scopes of a key when none are named. */
    public static Set<Scope> defaults() {
        return Arrays.stream(values())
                .filter(scope -> !scope.byNameOnly)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    /** Empty when there is no such scope. */
    public static Optional<Scope> parse(String wireName) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName.equals(wireName))
                .findFirst();
    }
}
