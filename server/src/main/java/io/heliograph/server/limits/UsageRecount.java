package io.heliograph.server.limits;

import io.heliograph.eventlog.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Recomputes the counters of a workspace from its rows and corrects them. The time is proportional to the number of
 * rows. Stateless.
 */
public final class UsageRecount {
    private static final String MESSAGES =
            "(select count(*) from agent_message m where m.workspace = t.workspace and m.agent_id = t.id)";
    private static final String PENDING = "(select count(*) from approval a"
            + " where a.workspace = t.workspace and a.agent_id = t.id and a.status = 'pending')";
    private static final String UNREAD = "(select count(*) from member_notification n where n.workspace = t.workspace"
            + " and n.member_id = t.member_id and n.read_at is null and n.archived_at is null)";
    private static final String UNSEEN = UNREAD.replace("n.read_at is null", "n.read_at is null and n.seen_at is null");

    private UsageRecount() {}

    /** A counter that was wrong. */
    public record Correction(String counter, long before, long now) {}

    /** Corrects the counters in a transaction of the workspace; returns those that were wrong. */
    public static List<Correction> run(JdbcClient jdbc, WorkspaceId workspace) {
        List<Correction> corrections = new ArrayList<>();
        for (UsageCounter counter : UsageCounter.values()) {
            long before = jdbc.sql("select value from workspace_usage where workspace = ? and name = ?")
                    .params(workspace.value(), counter.key())
                    .query(Long.class)
                    .optional()
                    .orElse(0L);
            long now = jdbc.sql(counter.recount())
                    .param("workspace", workspace.value())
                    .query(Long.class)
                    .single();
            if (before != now) {
                jdbc.sql("insert into workspace_usage (workspace, name, value) values (?, ?, ?)"
                                + " on conflict (workspace, name) do update set value = excluded.value")
                        .params(workspace.value(), counter.key(), now)
                        .update();
                corrections.add(new Correction(counter.key(), before, now));
            }
        }
        correct(jdbc, workspace, "agent", "id", "messages", MESSAGES, corrections);
        correct(jdbc, workspace, "agent", "id", "pending_approvals", PENDING, corrections);
        jdbc.sql("insert into notification_count (workspace, member_id, unseen, unread)"
                        + " select workspace, id, 0, 0 from member where workspace = ? on conflict do nothing")
                .param(workspace.value())
                .update();
        correct(jdbc, workspace, "notification_count", "member_id", "unseen", UNSEEN, corrections);
        correct(jdbc, workspace, "notification_count", "member_id", "unread", UNREAD, corrections);
        return corrections;
    }

    /** Corrects a column that counts rows of another table. */
    private static void correct(
            JdbcClient jdbc,
            WorkspaceId workspace,
            String table,
            String id,
            String column,
            String count,
            List<Correction> corrections) {
        String wrong = " where workspace = ? and " + column + " <> " + count;
        jdbc.sql("select " + id + ", " + column + ", " + count + " from " + table + " t" + wrong)
                .param(workspace.value())
                .query(row -> {
                    corrections.add(new Correction(column + " of " + row.getString(1), row.getLong(2), row.getLong(3)));
                });
        jdbc.sql("update " + table + " as t set " + column + " = " + count + wrong)
                .param(workspace.value())
                .update();
    }
}
