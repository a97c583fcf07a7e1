package io.heliograph.server.notifications;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.approvals.Approval.Risk;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.notifications.NotificationPreferences.Desktop;
import io.heliograph.server.notifications.NotificationPreferences.InApp;
import io.heliograph.server.workspaces.Members;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The SQL of members' preferences; a member without a row has the defaults. Stateless. */
final class PreferenceStore {
    private static final String COLUMNS = "in_app_approval_expired, in_app_agent_offline, in_app_agent_error,"
            + " desktop_approval_requested, desktop_approval_expired, desktop_agent_offline, desktop_agent_error,"
            + " desktop_min_risk";

    private PreferenceStore() {}

    static NotificationPreferences find(JdbcClient jdbc, WorkspaceId workspace, MemberId member) {
        return jdbc.sql("select " + COLUMNS + " from notification_preference where workspace = ? and member_id = ?")
                .params(workspace.value(), member.value())
                .query((row, _) -> read(row))
                .optional()
                .orElse(NotificationPreferences.DEFAULT);
    }

    /**
     * Ids of at most {@code limit} members who get notifications of a kind, oldest first: those who may decide and have
     * not turned it off. One statement.
     */
    static List<MemberId> recipients(JdbcClient jdbc, WorkspaceId workspace, NotificationKind kind, int limit) {
        // Each command that asks for a decision runs this: without a choice to look up it reads members only.
        String preferences = kind.inAppColumn().isPresent()
                ? " left join notification_preference p on p.workspace = m.workspace and p.member_id = m.id"
                : "";
        String wanted = kind.inAppColumn()
                .map(column -> " and coalesce(p." + column + ", 1) = 1")
                .orElse("");
        return jdbc.sql("select m.id from member m" + preferences
                        + " where m.workspace = ? and m.removed_at is null and m.role in (" + Members.DECIDING_ROLES
                        + ")" + wanted + " order by m.id limit ?")
                .params(workspace.value(), limit)
                .query((row, _) -> new MemberId(row.getString(1)))
                .list();
    }

    static void save(JdbcClient jdbc, WorkspaceId workspace, MemberId member, NotificationPreferences preferences) {
        InApp inApp = preferences.inApp();
        Desktop desktop = preferences.desktop();
        remove(jdbc, workspace, member);
        jdbc.sql("insert into notification_preference (workspace, member_id, " + COLUMNS
                        + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        workspace.value(),
                        member.value(),
                        number(inApp.approvalExpired()),
                        number(inApp.agentOffline()),
                        number(inApp.agentError()),
                        number(desktop.approvalRequested()),
                        number(desktop.approvalExpired()),
                        number(desktop.agentOffline()),
                        number(desktop.agentError()),
                        desktop.minRisk().wireName())
                .update();
    }

    static void remove(JdbcClient jdbc, WorkspaceId workspace, MemberId member) {
        jdbc.sql("delete from notification_preference where workspace = ? and member_id = ?")
                .params(workspace.value(), member.value())
                .update();
    }

    private static NotificationPreferences read(ResultSet row) throws SQLException {
        return new NotificationPreferences(
                new InApp(true, row.getInt(1) == 1, row.getInt(2) == 1, row.getInt(3) == 1),
                new Desktop(
                        row.getInt(4) == 1,
                        row.getInt(5) == 1,
                        row.getInt(6) == 1,
                        row.getInt(7) == 1,
                        Risk.valueOf(row.getString(8).toUpperCase(Locale.ROOT))));
    }

    private static int number(boolean on) {
        return on ? 1 : 0;
    }
}
