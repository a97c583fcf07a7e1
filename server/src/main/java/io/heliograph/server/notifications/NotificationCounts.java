package io.heliograph.server.notifications;

/** One member's unseen notifications, which the badge shows, and unread ones; archived ones do not count. Immutable. */
public record NotificationCounts(int unseen, int unread) {
    static final NotificationCounts NONE = new NotificationCounts(0, 0);

    NotificationCounts plus(NotificationCounts other) {
        return new NotificationCounts(unseen + other.unseen, unread + other.unread);
    }

    NotificationCounts minus(NotificationCounts other) {
        return new NotificationCounts(unseen - other.unseen, unread - other.unread);
    }
}
