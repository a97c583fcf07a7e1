package io.heliograph.server.notifications;

import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.events.Subject;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.MemberRemovalListener;
import io.heliograph.server.sql.Sql;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The command that changes a member's own preferences. Unlike what a member has read, they are in the audit trail: they
 * say why somebody was not notified.
 *
 * <p>Safe from any thread.
 */
final class PreferenceChanges implements MemberRemovalListener {
    private final AuditTrail audit;

    PreferenceChanges(AuditTrail audit) {
        this.audit = audit;
    }

    /** Replaces all of them. The same ones again change nothing and leave no entry. */
    Command<NotificationPreferences> change(Caller.Member member, NotificationPreferences wanted) {
        return transaction -> {
            JdbcClient jdbc = Sql.in(transaction);
            if (!PreferenceStore.find(jdbc, member.workspace(), member.memberId())
                    .equals(wanted)) {
                PreferenceStore.save(jdbc, member.workspace(), member.memberId(), wanted);
                audit.record(
                        transaction,
                        member.workspace(),
                        member.actor(),
                        "member.notifications_changed",
                        Subject.of("member", member.memberId().value()),
                        Map.of("inApp", wanted.inApp(), "desktop", wanted.desktop()));
            }
            return wanted;
        };
    }

    @Override
    public void memberRemoved(Transaction transaction, WorkspaceId workspace, MemberId member) {
        PreferenceStore.remove(Sql.in(transaction), workspace, member);
    }
}
