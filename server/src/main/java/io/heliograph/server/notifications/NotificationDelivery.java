package io.heliograph.server.notifications;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.Ids;
import io.heliograph.server.events.MemberId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL that gives a notification to many members. Stateless. */
final class NotificationDelivery {
    private NotificationDelivery() {}

    /** A notification, whose it is, and that member's counts with it. */
    record Delivered(MemberId memberId, Notification notification, NotificationCounts counts) {}

    /**
     * Adds a notification for each member, or increments an equal unread one. The shared part is stored once. The
     * result is in the members' order.
     */
    static List<Delivered> deliver(
            JdbcClient jdbc, WorkspaceId workspace, List<MemberId> memberIds, Notice notice, Instant now) {
        if (memberIds.isEmpty()) {
            return List.of();
        }
        NotificationBody body = NotificationBody.of(notice);
        String bodyId = Ids.next("ntb", now.toEpochMilli());
        Map<MemberId, MemberNotification> own = HashMap.newHashMap(memberIds.size());
        Map<MemberId, NotificationCounts> changes = LinkedHashMap.newLinkedHashMap(memberIds.size());
        for (List<MemberId> some : MemberParts.of(memberIds)) {
            deliverToSome(jdbc, workspace, some, bodyId, notice.dedupeKey(), now, own, changes);
        }
        Map<String, NotificationBody> bodies = earlierBodies(jdbc, workspace, own.values(), bodyId);
        if (own.values().stream().anyMatch(one -> one.bodyId().equals(bodyId))) {
            insertBody(jdbc, workspace, bodyId, body);
        }
        bodies.put(bodyId, body);
        Map<MemberId, NotificationCounts> counts = CountStore.change(jdbc, workspace, changes);
        return memberIds.stream()
                .map(member -> {
                    MemberNotification one = Objects.requireNonNull(own.get(member));
                    return new Delivered(
                            member,
                            one.with(Objects.requireNonNull(bodies.get(one.bodyId()))),
                            Objects.requireNonNull(counts.get(member)));
                })
                .toList();
    }

    private static void insertBody(JdbcClient jdbc, WorkspaceId workspace, String id, NotificationBody body) {
        jdbc.sql("insert into notification_body (workspace, id, " + NotificationBody.COLUMNS
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
            Map<MemberId, MemberNotification> own,
            Map<MemberId, NotificationCounts> changes) {
        JdbcClient.StatementSpec statement = jdbc.sql("insert into member_notification"
                + " (workspace, member_id, id, body_id, dedupe_key, repeats, created_at) values "
                + "(?, ?, ?, ?, ?, 1, ?), ".repeat(memberIds.size() - 1)
                + "(?, ?, ?, ?, ?, 1, ?) on conflict (workspace, member_id, dedupe_key) where read_at is null"
                + " do nothing");
        for (MemberId memberId : memberIds) {
            MemberNotification fresh =
                    MemberNotification.fresh(memberId, Ids.next("ntf", now.toEpochMilli()), bodyId, dedupeKey, now);
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
            Map<MemberId, MemberNotification> own,
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
        for (MemberNotification one : jdbc.sql(
                        "select " + MemberNotification.COLUMNS + " from member_notification" + earlier)
                .params(params)
                .query((row, _) -> MemberNotification.of(row))
                .list()) {
            before.put(one.memberId(), one.counted());
        }
        for (MemberNotification one : jdbc.sql("update member_notification set repeats = repeats + 1, seen_at = null,"
                        + " archived_at = null" + earlier + " returning " + MemberNotification.COLUMNS)
                .params(params)
                .query((row, _) -> MemberNotification.of(row))
                .list()) {
            own.put(one.memberId(), one);
            changes.put(
                    one.memberId(), one.counted().minus(before.getOrDefault(one.memberId(), NotificationCounts.NONE)));
        }
    }

    /** An incremented notification keeps its first text. */
    private static Map<String, NotificationBody> earlierBodies(
            JdbcClient jdbc, WorkspaceId workspace, Collection<MemberNotification> own, String newBody) {
        Set<String> earlier = own.stream()
                .map(MemberNotification::bodyId)
                .filter(id -> !id.equals(newBody))
                .collect(Collectors.toSet());
        Map<String, NotificationBody> bodies = new HashMap<>();
        if (!earlier.isEmpty()) {
            jdbc.sql("select id, " + NotificationBody.COLUMNS
                            + " from notification_body where workspace = :workspace and id in (:ids)")
                    .param("workspace", workspace.value())
                    .param("ids", earlier)
                    .query(row -> {
                        bodies.put(row.getString("id"), NotificationBody.of(row));
                    });
        }
        return bodies;
    }
}
