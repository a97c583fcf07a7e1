package io.heliograph.server.workspaces;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What an API key may do. On the wire {@code approvals:create agents:write messages:write read}. */
public enum Scope {
    APPROVALS_CREATE("approvals:create"),
    AGENTS_WRITE("agents:write"),
    MESSAGES_WRITE("messages:write"),
    READ("read");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Empty when there is no such scope. */
    public static Optional<Scope> parse(String wireName) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName.equals(wireName))
                .findFirst();
    }
}
