package io.heliograph.server.notifications;

import io.heliograph.server.events.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** The part of a notification that all members share. Immutable. */
record NotificationBody(
        String kind, Notification.Severity severity, String title, Optional<String> body, Subject subject, String url) {
    static final String COLUMNS = "kind, severity, title, body, subject_type, subject_id, url";

    static NotificationBody of(Notice notice) {
        return new NotificationBody(
                notice.kind().wireName(),
                notice.severity(),
                notice.title(),
                notice.body(),
                Subject.of(notice.subject().type(), notice.subject().id()),
                notice.url());
    }

    static NotificationBody of(ResultSet row) throws SQLException {
        return new NotificationBody(
                row.getString("kind"),
                Notification.Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                row.getString("title"),
                Optional.ofNullable(row.getString("body")),
                Subject.of(row.getString("subject_type"), row.getString("subject_id")),
                row.getString("url"));
    }
}
