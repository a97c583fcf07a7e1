package io.heliograph.server.identity;

/** The rows that count towards the limits of identity, as {@link io.heliograph.server.limits.WorkspaceUsage} takes them. */
public final class IdentityRows {
    /** The parameter is the workspace. */
    public static final String MEMBERS = "member where workspace = ? and removed_at is null";
    /** Keys in force; the parameters are the workspace and the time. */
    public static final String API_KEYS =
            "api_key where workspace = ? and revoked_at is null and (expires_at is null or expires_at > ?)";
    /** Open sessions; the parameters are the workspace and the time. */
    public static final String SESSIONS = "session where workspace = ? and ended_at is null and expires_at > ?";

    private IdentityRows() {}
}
