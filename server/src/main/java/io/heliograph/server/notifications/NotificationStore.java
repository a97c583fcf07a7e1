package io.heliograph.server.notifications;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.events.Subject;
import io.heliograph.server.storage.PageRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The SQL of notifications. Changes for many members run in one statement per {@value #MEMBERS_PER_STATEMENT} of them.
 * Stateless.
 */
final class NotificationStore {
    static final int MEMBERS_PER_STATEMENT = 200;
    private static final String BODY_COLUMNS = "kind, severity, title, body, subject_type, subject_id, url";
    private static final String OWN_COLUMNS =
            "member_id, id, body_id, dedupe_key, repeats, created_at, seen_at, read_at, archived_at";

    /** The part that all members share. */
    private record Body(
            String kind,
            Notification.Severity severity,
            String title,
            Optional<String> body,
            Subject subject,
            String url) {

        static Body of(Notice notice) {
            return new Body(
                    notice.kind(),
                    notice.severity(),
                    notice.title(),
                    notice.body(),
                    Subject.of(notice.subject().type(), notice.subject().id()),
                    notice.url());
        }

        static Body of(ResultSet row) throws SQLException {
            return new Body(
                    row.getString("kind"),
                    Notification.Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                    row.getString("title"),
                    Optional.ofNullable(row.getString("body")),
                    Subject.of(row.getString("subject_type"), row.getString("subject_id")),
                    row.getString("url"));
        }
    }

    /** The part of one member. */
    private record Own(
            MemberId memberId,
            String id,
            String bodyId,
            String dedupeKey,
            int count,
            Instant createdAt,
            Optional<Instant> seenAt,
            Optional<Instant> readAt,
            Optional<Instant> archivedAt) {

        static Own fresh(MemberId memberId, String id, String bodyId, String dedupeKey, Instant now) {
            return new Own(
                    memberId, id, bodyId, dedupeKey, 1, now, Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Own of(ResultSet row) throws SQLException {
            return new Own(
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

        Notification with(Body body) {
            return new Notification(
                    id,
                    body.kind,
                    body.severity,
                    body.title,
                    body.body,
                    body.subject,
                    body.url,
                    count,
                    dedupeKey,
                    createdAt,
                    seenAt,
                    readAt,
                    archivedAt);
        }
    }

    /** Bytes of a notification's other fields in JSON, about. */
    private static final long BESIDE_TEXT = 500;

    /** A notification, whose it is, and that member's counts with it. */
    record Delivered(MemberId memberId, Notification notification, NotificationCounts counts) {}

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

    /**
     * Adds a notification for each member, or increments an equal unread one. The shared part is stored once. The
     * result is in the members' order.
     */
    List<Delivered> deliver(
            JdbcClient jdbc, WorkspaceId workspace, List<MemberId> memberIds, Notice notice, Instant now) {
        if (memberIds.isEmpty()) {
            return List.of();
        }
        Body body = Body.of(notice);
        String bodyId = Ids.next("ntb", now.toEpochMilli());
        Map<MemberId, Own> own = HashMap.newHashMap(memberIds.size());
        Map<MemberId, NotificationCounts> changes = LinkedHashMap.newLinkedHashMap(memberIds.size());
        for (List<MemberId> some : inParts(memberIds)) {
            deliverToSome(jdbc, workspace, some, bodyId, notice.dedupeKey(), now, own, changes);
        }
        Map<String, Body> bodies = earlierBodies(jdbc, workspace, own.values(), bodyId);
        if (own.values().stream().anyMatch(one -> one.bodyId.equals(bodyId))) {
            insertBody(jdbc, workspace, bodyId, body);
        }
        bodies.put(bodyId, body);
        Map<MemberId, NotificationCounts> counts = CountStore.change(jdbc, workspace, changes);
        return memberIds.stream()
                .map(member -> {
                    Own one = Objects.requireNonNull(own.get(member));
                    return new Delivered(
                            member,
                            one.with(Objects.requireNonNull(bodies.get(one.bodyId))),
                            Objects.requireNonNull(counts.get(member)));
                })
                .toList();
    }

    private static void insertBody(JdbcClient jdbc, WorkspaceId workspace, String id, Body body) {
        jdbc.sql("insert into notification_body (workspace, id, " + BODY_COLUMNS
                        + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(workspace.value())
                .param(id)
                .param(body.kind())
                .param(body.severity().name().toLowerCase(Locale.ROOT))
                .param(body.title())
                .param(body.body().orElse(null))
                .param(body.subject().type())
                .param(body.subject().id())
                .param(body.url())
                .update();
    }

    /** Adds each member's notification to {@code own}, and its effect on the member's counts to {@code changes}. */
    private static void deliverToSome(
            JdbcClient jdbc,
            WorkspaceId workspace,
            List<MemberId> memberIds,
            String bodyId,
            String dedupeKey,
            Instant now,
            Map<MemberId, Own> own,
            Map<MemberId, NotificationCounts> changes) {
        JdbcClient.StatementSpec statement = jdbc.sql("insert into member_notification"
                + " (workspace, member_id, id, body_id, dedupe_key, repeats, created_at) values "
                + "(?, ?, ?, ?, ?, 1, ?), ".repeat(memberIds.size() - 1)
                + "(?, ?, ?, ?, ?, 1, ?) on conflict (workspace, member_id, dedupe_key) where read_at is null"
                + " do nothing");
        for (MemberId memberId : memberIds) {
            Own fresh = Own.fresh(memberId, Ids.next("ntf", now.toEpochMilli()), bodyId, dedupeKey, now);
            own.put(memberId, fresh);
            changes.put(memberId, fresh.counted());
            statement = statement
                    .param(workspace.value())
                    .param(memberId.value())
                    .param(fresh.id())
                    .param(bodyId)
                    .param(dedupeKey)
                    .param(now.toEpochMilli());
        }
        if (statement.update() < memberIds.size()) {
            countUp(jdbc, workspace, memberIds, bodyId, dedupeKey, own, changes);
        }
    }

    /** Increments unread notifications of members that have an earlier body. */
    private static void countUp(
            JdbcClient jdbc,
            WorkspaceId workspace,
            List<MemberId> memberIds,
            String bodyId,
            String dedupeKey,
            Map<MemberId, Own> own,
            Map<MemberId, NotificationCounts> changes) {
        String earlier = " where workspace = :workspace and member_id in (:members) and dedupe_key = :dedupe"
                + " and read_at is null and body_id <> :body";
        Map<String, Object> params = Map.of(
                "workspace",
                workspace.value(),
                "members",
                memberIds.stream().map(MemberId::value).toList(),
                "dedupe",
                dedupeKey,
                "body",
                bodyId);
        Map<MemberId, NotificationCounts> before = new HashMap<>();
        for (Own one : jdbc.sql("select " + OWN_COLUMNS + " from member_notification" + earlier)
                .params(params)
                .query((row, _) -> Own.of(row))
                .list()) {
            before.put(one.memberId, one.counted());
        }
        for (Own one : jdbc.sql("update member_notification set repeats = repeats + 1, seen_at = null,"
                        + " archived_at = null" + earlier + " returning " + OWN_COLUMNS)
                .params(params)
                .query((row, _) -> Own.of(row))
                .list()) {
            own.put(one.memberId, one);
            changes.put(one.memberId, one.counted().minus(before.getOrDefault(one.memberId, NotificationCounts.NONE)));
        }
    }

    /** Splits a list into parts for one statement each. */
    static List<List<MemberId>> inParts(List<MemberId> memberIds) {
        List<List<MemberId>> parts = new ArrayList<>();
        for (int from = 0; from < memberIds.size(); from += MEMBERS_PER_STATEMENT) {
            parts.add(memberIds.subList(from, Math.min(from + MEMBERS_PER_STATEMENT, memberIds.size())));
        }
        return parts;
    }

    /** An incremented notification keeps its first text. */
    private static Map<String, Body> earlierBodies(
            JdbcClient jdbc, WorkspaceId workspace, Collection<Own> own, String newBody) {
        Set<String> earlier =
                own.stream().map(Own::bodyId).filter(id -> !id.equals(newBody)).collect(Collectors.toSet());
        Map<String, Body> bodies = new HashMap<>();
        if (!earlier.isEmpty()) {
            jdbc.sql("select id, " + BODY_COLUMNS
                            + " from notification_body where workspace = :workspace and id in (:ids)")
                    .param("workspace", workspace.value())
                    .param("ids", earlier)
                    .query(row -> {
                        bodies.put(row.getString("id"), Body.of(row));
                    });
        }
        return bodies;
    }

    /** Marks all members' notifications about a subject as read. Returns the changed ones, by member. */
    Map<MemberId, Changed> readSubject(JdbcClient jdbc, WorkspaceId workspace, Subject subject, Instant now) {
        String unread = " where workspace = ? and body_id in (select id from notification_body"
                + " where workspace = ? and subject_type = ? and subject_id = ?) and read_at is null";
        List<String> about = List.of(workspace.value(), workspace.value(), subject.type(), subject.id());
        Map<MemberId, List<String>> ids = new LinkedHashMap<>();
        Map<MemberId, NotificationCounts> changes = new LinkedHashMap<>();
        for (Own one : jdbc.sql("select " + OWN_COLUMNS + " from member_notification" + unread)
                .params(about)
                .query((row, _) -> Own.of(row))
                .list()) {
            ids.computeIfAbsent(one.memberId, _ -> new ArrayList<>()).add(one.id);
            changes.merge(one.memberId, NotificationCounts.NONE.minus(one.counted()), NotificationCounts::plus);
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
        List<Own> changed = jdbc.sql("update member_notification set " + assignment(request.change()) + affected
                        + " returning " + OWN_COLUMNS)
                .params(params)
                .query((row, _) -> Own.of(row))
                .list();
        if (changed.isEmpty()) {
            return new Changed(List.of(), CountStore.find(jdbc, workspace, memberId));
        }
        NotificationCounts change = changed.stream()
                .map(Own::counted)
                .reduce(NotificationCounts.NONE, NotificationCounts::plus)
                .minus(before);
        NotificationCounts counts = Objects.requireNonNull(
                CountStore.change(jdbc, workspace, Map.of(memberId, change)).get(memberId));
        return new Changed(changed.stream().map(Own::id).toList(), counts);
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
        return jdbc.sql("select n.*, " + BODY_COLUMNS + " from member_notification n join notification_body b"
                        + " on b.workspace = n.workspace and b.id = n.body_id"
                        + " where n.workspace = :workspace and n.member_id = :member and " + state.condition
                        + (before.isPresent() ? " and n.id < :before" : "")
                        + " order by n.id desc limit :limit")
                .param("workspace", workspace.value())
                .param("member", memberId.value())
                .param("before", before.orElse(""))
                .param("limit", limit + 1)
                .withFetchSize(PageRows.FETCH_SIZE)
                .query(PageRows.reader(limit, (row, _) -> Own.of(row).with(Body.of(row)), NotificationStore::bytes));
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

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
