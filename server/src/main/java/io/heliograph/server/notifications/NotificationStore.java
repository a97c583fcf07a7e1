package io.heliograph.server.notifications;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.events.Subject;
import io.heliograph.server.storage.PageRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL of notifications after they were delivered: marks, pages, removal. Stateless. */
final class NotificationStore {
    /** Bytes of a notification's other fields in JSON, about. */
    private static final long BESIDE_TEXT = 500;

    /** Ids of one member's changed notifications, and the member's counts after the change. */
    record Changed(List<String> ids, NotificationCounts counts) {}

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

    /** Marks all members' notifications about a subject as read. Returns the changed ones, by member. */
    Map<MemberId, Changed> readSubject(JdbcClient jdbc, WorkspaceId workspace, Subject subject, Instant now) {
        String unread = " where workspace = ? and body_id in (select id from notification_body"
                + " where workspace = ? and subject_type = ? and subject_id = ?) and read_at is null";
        List<String> about = List.of(workspace.value(), workspace.value(), subject.type(), subject.id());
        Map<MemberId, List<String>> ids = new LinkedHashMap<>();
        Map<MemberId, NotificationCounts> changes = new LinkedHashMap<>();
        for (MemberNotification one : jdbc.sql(
                        "select " + MemberNotification.COLUMNS + " from member_notification" + unread)
                .params(about)
                .query((row, _) -> MemberNotification.of(row))
                .list()) {
            ids.computeIfAbsent(one.memberId(), _ -> new ArrayList<>()).add(one.id());
            changes.merge(one.memberId(), NotificationCounts.NONE.minus(one.counted()), NotificationCounts::plus);
        }
        if (ids.isEmpty()) {
            return Map.of();
        }
        jdbc.sql("update member_notification set read_at = ?, seen_at = coalesce(seen_at, ?)" + unread)
                .params(now.toEpochMilli(), now.toEpochMilli())
                .params(about)
                .update();
        Map<MemberId, NotificationCounts> counts = CountStore.change(jdbc, workspace, changes);
        Map<MemberId, Changed> read = new LinkedHashMap<>();
        ids.forEach((member, own) -> read.put(member, new Changed(own, Objects.requireNonNull(counts.get(member)))));
        return read;
    }

    /** Marks some of a member's notifications and returns those that it changed. */
    Changed mark(JdbcClient jdbc, WorkspaceId workspace, MemberId memberId, MarkRequest request, Instant now) {
        String affected = " where workspace = :workspace and member_id = :member"
                + (request.everything() ? " and created_at <= :before" : " and id in (:ids)")
                + " and " + isNews(request.change());
        Map<String, Object> params = Map.of(
                "now", now.toEpochMilli(),
                "workspace", workspace.value(),
                "member", memberId.value(),
                "before", request.before().orElse(now).toEpochMilli(),
                "ids", request.ids().isEmpty() ? List.of("") : request.ids());
        NotificationCounts before = jdbc.sql("select count(case when seen_at is null then 1 end), count(*)"
                        + " from member_notification" + affected + " and read_at is null and archived_at is null")
                .params(params)
                .query((row, _) -> new NotificationCounts(row.getInt(1), row.getInt(2)))
                .single();
        List<MemberNotification> changed = jdbc.sql("update member_notification set " + assignment(request.change())
                        + affected + " returning " + MemberNotification.COLUMNS)
                .params(params)
                .query((row, _) -> MemberNotification.of(row))
                .list();
        if (changed.isEmpty()) {
            return new Changed(List.of(), CountStore.find(jdbc, workspace, memberId));
        }
        NotificationCounts change = changed.stream()
                .map(MemberNotification::counted)
                .reduce(NotificationCounts.NONE, NotificationCounts::plus)
                .minus(before);
        NotificationCounts counts = Objects.requireNonNull(
                CountStore.change(jdbc, workspace, Map.of(memberId, change)).get(memberId));
        return new Changed(changed.stream().map(MemberNotification::id).toList(), counts);
    }

    private static String assignment(MarkRequest.Change change) {
        return switch (change) {
            case SEEN -> "seen_at = :now";
            case READ -> "read_at = :now, seen_at = coalesce(seen_at, :now)";
            case UNREAD -> "read_at = null, archived_at = null";
            case ARCHIVED -> "archived_at = :now, read_at = coalesce(read_at, :now), seen_at = coalesce(seen_at, :now)";
        };
    }

    /** Selects only notifications that the change affects; others make no event. */
    private static String isNews(MarkRequest.Change change) {
        return switch (change) {
            case SEEN -> "seen_at is null";
            case READ -> "read_at is null";
            // Of several equal notifications only one may be unread: the newest requested one, unless one already is.
            case UNREAD ->
                "read_at is not null and not exists (select 1 from member_notification other"
                        + " where other.workspace = member_notification.workspace"
                        + " and other.member_id = member_notification.member_id"
                        + " and other.dedupe_key = member_notification.dedupe_key"
                        + " and (other.read_at is null or (other.id in (:ids) and other.id > member_notification.id)))";
            case ARCHIVED -> "archived_at is null";
        };
    }

    /** Notifications older than the one named {@code before}, newest first. */
    PageRows<Notification> page(
            JdbcClient jdbc,
            WorkspaceId workspace,
            MemberId memberId,
            State state,
            Optional<String> before,
            int limit) {
        return jdbc.sql("select n.*, " + NotificationBody.COLUMNS
                        + " from member_notification n join notification_body b"
                        + " on b.workspace = n.workspace and b.id = n.body_id"
                        + " where n.workspace = :workspace and n.member_id = :member and " + state.condition
                        + (before.isPresent() ? " and n.id < :before" : "")
                        + " order by n.id desc limit :limit")
                .param("workspace", workspace.value())
                .param("member", memberId.value())
                .param("before", before.orElse(""))
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(
                        limit,
                        (row, _) -> MemberNotification.of(row).with(NotificationBody.of(row)),
                        NotificationStore::bytes));
    }

    private static long bytes(Notification notification) {
        return BESIDE_TEXT
                + 3L
                        * (notification.title().length()
                                + notification.body().orElse("").length());
    }

    /** Removes read notifications, each named by its member and id, and bodies without notifications. */
    static int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> memberAndId) {
        JdbcClient.StatementSpec statement = jdbc.sql("delete from member_notification where workspace = ?"
                + " and read_at is not null and (member_id, id) in (values "
                + "(?, ?), ".repeat(memberAndId.size() - 1) + "(?, ?)) returning body_id");
        statement = statement.param(workspace.value());
        for (String one : memberAndId) {
            int slash = one.lastIndexOf('/');
            statement = statement.param(one.substring(0, slash)).param(one.substring(slash + 1));
        }
        List<String> bodies = statement.query((row, _) -> row.getString(1)).list();
        if (!bodies.isEmpty()) {
            removeBodies(jdbc, workspace, Set.copyOf(bodies));
        }
        return bodies.size();
    }

    /** Removes bodies without notifications. */
    private static void removeBodies(JdbcClient jdbc, WorkspaceId workspace, Set<String> ids) {
        jdbc.sql("delete from notification_body where workspace = :workspace and id in (:ids) and not exists"
                        + " (select 1 from member_notification n where n.workspace = notification_body.workspace"
                        + " and n.body_id = notification_body.id)")
                .param("workspace", workspace.value())
                .param("ids", ids)
                .update();
    }
}
