package io.heliograph.server.notifications;

/** What the badge shows ({@code unseen}), and how many are unread, of one member; archived ones do not count. Immutable. */
public record NotificationCounts(int unseen, int unread) {
    static final NotificationCounts NONE = new NotificationCounts(0, 0);

    NotificationCounts plus(NotificationCounts other) {
        return new NotificationCounts(unseen + other.unseen, unread + other.unread);
    }

    NotificationCounts minus(NotificationCounts other) {
        return new NotificationCounts(unseen - other.unseen, unread - other.unread);
    }
}
