package io.heliograph.server.notifications;

import java.util.Optional;

/** What a notification is about. Members choose by it which ones they get. */
enum NotificationKind {
    /** A request waits for a decision. No member turns it off: it may be critical. */
    APPROVAL_REQUESTED("approval.requested", Optional.empty()),
    APPROVAL_EXPIRED("approval.expired", Optional.of("in_app_approval_expired")),
    AGENT_OFFLINE("agent.offline", Optional.of("in_app_agent_offline")),
    AGENT_ERROR("agent.error", Optional.of("in_app_agent_error"));

    private final String wireName;
    private final Optional<String> inAppColumn;

    NotificationKind(String wireName, Optional<String> inAppColumn) {
        this.wireName = wireName;
        this.inAppColumn = inAppColumn;
    }

    String wireName() {
        return wireName;
    }

    /** The column of {@code notification_preference} that turns it off with 0; empty when it cannot be turned off. */
    Optional<String> inAppColumn() {
        return inAppColumn;
    }
}
