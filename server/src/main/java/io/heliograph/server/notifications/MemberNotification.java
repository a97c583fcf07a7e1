package io.heliograph.server.notifications;

import io.heliograph.server.events.MemberId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * The part of a notification that one member has for itself.
 *
 * @param bodyId names its {@link NotificationBody}
 */
record MemberNotification(
        MemberId memberId,
        String id,
        String bodyId,
        String dedupeKey,
        int count,
        Instant createdAt,
        Optional<Instant> seenAt,
        Optional<Instant> readAt,
        Optional<Instant> archivedAt) {
    static final String COLUMNS =
            "member_id, id, body_id, dedupe_key, repeats, created_at, seen_at, read_at, archived_at";

    static MemberNotification fresh(MemberId memberId, String id, String bodyId, String dedupeKey, Instant now) {
        return new MemberNotification(
                memberId, id, bodyId, dedupeKey, 1, now, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static MemberNotification of(ResultSet row) throws SQLException {
        return new MemberNotification(
                new MemberId(row.getString("member_id")),
                row.getString("id"),
                row.getString("body_id"),
                row.getString("dedupe_key"),
                row.getInt("repeats"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                instant(row, "seen_at"),
                instant(row, "read_at"),
                instant(row, "archived_at"));
    }

    /** Its share of its member's counts: 1 where it counts. */
    NotificationCounts counted() {
        boolean unread = readAt.isEmpty() && archivedAt.isEmpty();
        return new NotificationCounts(unread && seenAt.isEmpty() ? 1 : 0, unread ? 1 : 0);
    }

    Notification with(NotificationBody body) {
        return new Notification(
                id,
                body.kind(),
                body.severity(),
                body.title(),
                body.body(),
                body.subject(),
                body.url(),
                count,
                dedupeKey,
                createdAt,
                seenAt,
                readAt,
                archivedAt);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
