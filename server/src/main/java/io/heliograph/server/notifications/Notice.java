package io.heliograph.server.notifications;

import io.heliograph.server.events.Subject;
import java.util.Optional;

/** What is to be told to several members at once; each gets a {@link Notification} of it. Immutable. */
record Notice(
        String kind,
        Notification.Severity severity,
        String title,
        Optional<String> body,
        Subject subject,
        String url,
        String dedupeKey) {}
