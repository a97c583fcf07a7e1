package io.heliograph.server.notifications;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.events.MemberId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The SQL of members' counts, one row for each member who was ever notified. They change in the transaction that changes
 * what they count, and commands of a workspace run one after the other. Stateless.
 */
final class CountStore {
    private CountStore() {}

    /**
     * Changes counts in one statement per {@value MemberParts#MEMBERS_PER_STATEMENT} members.
     *
     * @param changes what is added, by member; may be 0, to read
     * @return the counts of those members as they are then
     */
    static Map<MemberId, NotificationCounts> change(
            JdbcClient jdbc, WorkspaceId workspace, Map<MemberId, NotificationCounts> changes) {
        Map<MemberId, NotificationCounts> counts = HashMap.newHashMap(changes.size());
        for (List<MemberId> some : MemberParts.of(List.copyOf(changes.keySet()))) {
            JdbcClient.StatementSpec statement = jdbc.sql("insert into notification_count as stored"
                    + " (workspace, member_id, unseen, unread) values "
                    + "(?, ?, ?, ?), ".repeat(some.size() - 1)
                    + "(?, ?, ?, ?) on conflict (workspace, member_id) do update set"
                    + " unseen = stored.unseen + excluded.unseen, unread = stored.unread + excluded.unread"
                    + " returning member_id, unseen, unread");
            for (MemberId memberId : some) {
                NotificationCounts change = changes.getOrDefault(memberId, NotificationCounts.NONE);
                statement = statement
                        .param(workspace.value())
                        .param(memberId.value())
                        .param(change.unseen())
                        .param(change.unread());
            }
            read(statement, counts);
        }
        return counts;
    }

    static NotificationCounts find(JdbcClient jdbc, WorkspaceId workspace, MemberId memberId) {
        Map<MemberId, NotificationCounts> counts = new HashMap<>();
        read(
                jdbc.sql("select member_id, unseen, unread from notification_count"
                                + " where workspace = ? and member_id = ?")
                        .params(workspace.value(), memberId.value()),
                counts);
        return counts.getOrDefault(memberId, NotificationCounts.NONE);
    }

    private static void read(JdbcClient.StatementSpec statement, Map<MemberId, NotificationCounts> counts) {
        statement.query(row -> {
            counts.put(new MemberId(row.getString(1)), new NotificationCounts(row.getInt(2), row.getInt(3)));
        });
    }
}
