package io.heliograph.server.limits;

/** The limits of one workspace. */
public enum WorkspaceLimit {
    PENDING_APPROVALS("pending-approvals", "pending approvals", "decide or cancel some"),
    AGENTS("agents", "agents", "let agents keep their ids instead of taking new ones"),
    MEMBERS("members", "members", "remove some"),
    API_KEYS("api-keys", "API keys in force", "revoke some"),
    SESSIONS("sessions", "open sessions", "end some"),
    MESSAGES_PER_AGENT(
            "messages-per-agent", "messages of this agent", "lower heliograph.retention.messages to remove old ones"),
    VIEWS_PER_MEMBER("views-per-member", "saved views of one member", "delete some"),
    SHARED_VIEWS("shared-views", "shared views", "delete some, or share fewer"),
    EVENT_TYPES("event-types", "described event types", "delete some"),
    STORED(
            "stored",
            "bytes of approvals and messages",
            "lower heliograph.retention.decided-approvals or heliograph.retention.messages to remove old ones");

    private final String name;
    private final String what;
    private final String fix;

    WorkspaceLimit(String name, String what, String fix) {
        this.name = name;
        this.what = what;
        this.fix = fix;
    }

    /** As metrics name it. */
    public String metric() {
        return name;
    }

    /** Its setting. */
    public String setting() {
        return "heliograph.limits.max-" + name;
    }

    long of(LimitSettings settings) {
        return switch (this) {
            case PENDING_APPROVALS -> settings.maxPendingApprovals();
            case AGENTS -> settings.maxAgents();
            case MEMBERS -> settings.maxMembers();
            case API_KEYS -> settings.maxApiKeys();
            case SESSIONS -> settings.maxSessions();
            case MESSAGES_PER_AGENT -> settings.maxMessagesPerAgent();
            case VIEWS_PER_MEMBER -> settings.maxViewsPerMember();
            case SHARED_VIEWS -> settings.maxSharedViews();
            case EVENT_TYPES -> settings.maxEventTypes();
            case STORED -> settings.maxStored().toBytes();
        };
    }

    String detail(long limit) {
        return "The workspace may have " + limit + " " + what + ", and this would be more; " + fix + ", or raise "
                + setting();
    }
}
