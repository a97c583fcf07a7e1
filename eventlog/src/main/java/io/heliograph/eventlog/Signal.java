package io.heliograph.eventlog;

/**
 * A small message to all nodes that is not in the log, such as "this member lost its rights". Immutable.
 *
 * @param kind what it is, such as {@code member-revoked}: lower case, at most 64 characters
 * @param body what the kind needs, at most {@value #MAX_BODY} characters
 */
public record Signal(WorkspaceId workspace, String kind, String body) {
    public static final int MAX_BODY = 80_000;

    public Signal {
        if (kind.isEmpty() || kind.length() > 64) {
            throw new IllegalArgumentException("a signal's kind has 1 to 64 characters, not " + kind.length());
        }
        if (body.length() > MAX_BODY) {
            throw new IllegalArgumentException(
                    "a signal's body has at most " + MAX_BODY + " characters, not " + body.length());
        }
    }
}
