package io.heliograph.eventlog;

import java.util.regex.Pattern;

/**
 * Names one workspace, the tenant: every log, room and limit is scoped to one.
 *
 * <p>Shape: 1 to 64 characters of {@code A-Z a-z 0-9 _ -}. Immutable.
 */
public record WorkspaceId(String value) {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public WorkspaceId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("a workspace id is 1 to 64 characters of A-Z a-z 0-9 _ -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
