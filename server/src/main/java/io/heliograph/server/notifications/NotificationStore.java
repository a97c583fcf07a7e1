package io.heliograph.server.notifications;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.Subject;
import io.heliograph.server.web.PageRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The SQL of notifications. What concerns many members runs in one statement per {@value #MEMBERS_PER_STATEMENT} of
 * them. Stateless.
 */
final class NotificationStore {
    private static final int MEMBERS_PER_STATEMENT = 200;
    private static final String COLUMNS = "id, kind, severity, title, body, subject_type, subject_id, url, repeats,"
            + " dedupe_key, created_at, seen_at, read_at, archived_at";

    /** Bytes of a notification's other fields in JSON, about. */
    private static final long BESIDE_TEXT = 500;

    /** A notification, and whose it is. */
    record Delivered(String memberId, Notification notification) {}

    /** Which of a member's notifications a list shows. */
    enum State {
        UNSEEN("seen_at is null and archived_at is null"),
        UNREAD("read_at is null and archived_at is null"),
        READ("read_at is not null and archived_at is null"),
        INBOX("archived_at is null"),
        ARCHIVED("archived_at is not null"),
        ALL("1 = 1");

        private final String condition;

        State(String condition) {
            this.condition = condition;
        }
    }

    /** Gives each member a notification, or counts one up that is unread and the same. */
    List<Delivered> deliver(
            JdbcClient jdbc, WorkspaceId workspace, List<String> memberIds, Notice notice, Instant now) {
        List<Delivered> delivered = new ArrayList<>();
        for (int from = 0; from < memberIds.size(); from += MEMBERS_PER_STATEMENT) {
            List<String> some = memberIds.subList(from, Math.min(from + MEMBERS_PER_STATEMENT, memberIds.size()));
            delivered.addAll(deliverToSome(jdbc, workspace, some, notice, now));
        }
        return delivered;
    }

    private static List<Delivered> deliverToSome(
            JdbcClient jdbc, WorkspaceId workspace, List<String> memberIds, Notice notice, Instant now) {
        StringBuilder rows = new StringBuilder();
        for (int index = 0; index < memberIds.size(); index++) {
            rows.append(index == 0 ? "" : ", ")
                    .append(
                            "(:workspace, :kind, :severity, :title, :body, :subjectType, :subjectId, :url, 1, :dedupeKey,")
                    .append(" :now, :id")
                    .append(index)
                    .append(", :member")
                    .append(index)
                    .append(')');
        }
        JdbcClient.StatementSpec statement = jdbc.sql(
                        "insert into notification (workspace, kind, severity, title, body, subject_type, subject_id, url,"
                                + " repeats, dedupe_key, created_at, id, member_id) values " + rows
                                + " on conflict (workspace, member_id, dedupe_key) where read_at is null"
                                + " do update set repeats = notification.repeats + 1, seen_at = null,"
                                + " archived_at = null returning member_id, " + COLUMNS)
                .param("workspace", workspace.value())
                .param("kind", notice.kind())
                .param("severity", notice.severity().name().toLowerCase(Locale.ROOT))
                .param("title", notice.title())
                .param("body", notice.body().orElse(null))
                .param("subjectType", notice.subject().type())
                .param("subjectId", notice.subject().id())
                .param("url", notice.url())
                .param("dedupeKey", notice.dedupeKey())
                .param("now", now.toEpochMilli());
        for (int index = 0; index < memberIds.size(); index++) {
            statement = statement
                    .param("id" + index, Ids.next("ntf", now.toEpochMilli()))
                    .param("member" + index, memberIds.get(index));
        }
        return statement
                .query((result, _) -> new Delivered(result.getString("member_id"), map(result)))
                .list();
    }

    /** The counts of the given members; one without unread notifications has no entry. */
    Map<String, NotificationCounts> counts(JdbcClient jdbc, WorkspaceId workspace, Collection<String> memberIds) {
        Map<String, NotificationCounts> counts = new HashMap<>();
        List<String> all = List.copyOf(memberIds);
        for (int from = 0; from < all.size(); from += MEMBERS_PER_STATEMENT) {
            jdbc.sql("select member_id, count(case when seen_at is null then 1 end), count(*) from notification"
                            + " where workspace = :workspace and member_id in (:members) and read_at is null"
                            + " and archived_at is null group by member_id")
                    .param("workspace", workspace.value())
                    .param("members", all.subList(from, Math.min(from + MEMBERS_PER_STATEMENT, all.size())))
                    .query(row -> {
                        counts.put(row.getString(1), new NotificationCounts(row.getInt(2), row.getInt(3)));
                    });
        }
        return counts;
    }

    NotificationCounts counts(JdbcClient jdbc, WorkspaceId workspace, String memberId) {
        return counts(jdbc, workspace, List.of(memberId)).getOrDefault(memberId, NotificationCounts.NONE);
    }

    /** Makes everybody's notifications about a subject read. Returns the ids of those that were not, by member. */
    Map<String, List<String>> readSubject(JdbcClient jdbc, WorkspaceId workspace, Subject subject, Instant now) {
        Map<String, List<String>> read = new HashMap<>();
        jdbc.sql("update notification set read_at = :now, seen_at = coalesce(seen_at, :now)"
                        + " where workspace = :workspace and subject_type = :type and subject_id = :subject"
                        + " and read_at is null returning member_id, id")
                .param("now", now.toEpochMilli())
                .param("workspace", workspace.value())
                .param("type", subject.type())
                .param("subject", subject.id())
                .query(row -> {
                    read.computeIfAbsent(row.getString(1), member -> new ArrayList<>())
                            .add(row.getString(2));
                });
        return read;
    }

    /** Marks some of a member's notifications and returns the ids of those that it changed. */
    List<String> mark(JdbcClient jdbc, WorkspaceId workspace, String memberId, MarkRequest request, Instant now) {
        return jdbc.sql("update notification set " + assignment(request.change())
                        + " where workspace = :workspace and member_id = :member"
                        + (request.everything() ? " and created_at <= :before" : " and id in (:ids)")
                        + " and " + isNews(request.change()) + " returning id")
                .param("now", now.toEpochMilli())
                .param("workspace", workspace.value())
                .param("member", memberId)
                .param("before", request.before().orElse(now).toEpochMilli())
                .param("ids", request.ids().isEmpty() ? List.of("") : request.ids())
                .query((row, _) -> row.getString(1))
                .list();
    }

    private static String assignment(MarkRequest.Change change) {
        return switch (change) {
            case SEEN -> "seen_at = :now";
            case READ -> "read_at = :now, seen_at = coalesce(seen_at, :now)";
            case UNREAD -> "read_at = null, archived_at = null";
            case ARCHIVED -> "archived_at = :now, read_at = coalesce(read_at, :now), seen_at = coalesce(seen_at, :now)";
        };
    }

    /** What the change would change; what is so already makes no event. */
    private static String isNews(MarkRequest.Change change) {
        return switch (change) {
            case SEEN -> "seen_at is null";
            case READ -> "read_at is null";
            // Of several that are the same only one may be unread: the newest that is asked for, unless one is.
            case UNREAD ->
                "read_at is not null and not exists (select 1 from notification other"
                        + " where other.workspace = notification.workspace and other.member_id = notification.member_id"
                        + " and other.dedupe_key = notification.dedupe_key"
                        + " and (other.read_at is null or (other.id in (:ids) and other.id > notification.id)))";
            case ARCHIVED -> "archived_at is null";
        };
    }

    /** The newest first, those older than the one named {@code before}. */
    PageRows<Notification> page(
            JdbcClient jdbc, WorkspaceId workspace, String memberId, State state, Optional<String> before, int limit) {
        return jdbc.sql("select " + COLUMNS + " from notification where workspace = :workspace and member_id = :member"
                        + " and " + state.condition
                        + (before.isPresent() ? " and id < :before" : "")
                        + " order by id desc limit :limit")
                .param("workspace", workspace.value())
                .param("member", memberId)
                .param("before", before.orElse(""))
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(limit, (row, _) -> map(row), NotificationStore::bytes));
    }

    private static long bytes(Notification notification) {
        return BESIDE_TEXT
                + 3L
                        * (notification.title().length()
                                + notification.body().orElse("").length());
    }

    private static Notification map(ResultSet row) throws SQLException {
        return new Notification(
                row.getString("id"),
                row.getString("kind"),
                Notification.Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                row.getString("title"),
                Optional.ofNullable(row.getString("body")),
                Subject.of(row.getString("subject_type"), row.getString("subject_id")),
                row.getString("url"),
                row.getInt("repeats"),
                row.getString("dedupe_key"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                instant(row, "seen_at"),
                instant(row, "read_at"),
                instant(row, "archived_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
