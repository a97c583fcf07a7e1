package io.heliograph.server.notifications;

import io.heliograph.server.events.Subject;
import java.util.Optional;

/** The content of a notification for several members; each gets a {@link Notification}. Immutable. */
record Notice(
        NotificationKind kind,
        Notification.Severity severity,
        String title,
        Optional<String> body,
        Subject subject,
        String url,
        String dedupeKey) {}
