package io.heliograph.server.notifications;

import io.heliograph.server.events.Subject;
import java.time.Instant;
import java.util.Optional;

/**
 * A notification for one member: unseen at first, seen once it was rendered in the open inbox, then read. Immutable.
 *
 * @param kind such as {@code approval.requested}
 * @param url of the page to open, relative to the dashboard
 * @param count how often the same happened while it was unread
 * @param dedupeKey what "the same" means
 */
record Notification(
        String id,
        String kind,
        Severity severity,
        String title,
        Optional<String> body,
        Subject subject,
        String url,
        int count,
        String dedupeKey,
        Instant createdAt,
        Optional<Instant> seenAt,
        Optional<Instant> readAt,
        Optional<Instant> archivedAt) {

    Notification withId(String other) {
        return new Notification(
                other,
                kind,
                severity,
                title,
                body,
                subject,
                url,
                count,
                dedupeKey,
                createdAt,
                seenAt,
                readAt,
                archivedAt);
    }

    /** The severity. */
    enum Severity {
        INFO,
        WARNING,
        CRITICAL
    }
}
