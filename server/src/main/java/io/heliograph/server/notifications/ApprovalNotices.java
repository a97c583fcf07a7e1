package io.heliograph.server.notifications;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.approvals.Approval;
import io.heliograph.server.approvals.ApprovalListener;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import java.util.Optional;

/** Notifies of approvals that wait for a decision, and of those that expired. Immutable. */
final class ApprovalNotices implements ApprovalListener {
    private final Notifications notifications;

    ApprovalNotices(Notifications notifications) {
        this.notifications = notifications;
    }

    @Override
    public void created(Transaction transaction, WorkspaceId workspace, Approval approval, Actor actor) {
        notifications.publish(
                transaction,
                workspace,
                actor,
                notice(
                        NotificationKind.APPROVAL_REQUESTED,
                        approval,
                        actor.name().orElse("An agent") + " asks to run "
                                + approval.action().name() + ", risk "
                                + approval.risk().wireName()));
    }

    @Override
    public void settled(Transaction transaction, WorkspaceId workspace, Approval approval, Actor actor) {
        notifications.subjectResolved(transaction, workspace, actor, subject(approval));
        if (approval.status() == Approval.Status.EXPIRED) {
            notifications.publish(
                    transaction,
                    workspace,
                    actor,
                    notice(
                            NotificationKind.APPROVAL_EXPIRED,
                            approval,
                            "No decision before the deadline; the agent must request it again"));
        }
    }

    private static Notice notice(NotificationKind kind, Approval approval, String body) {
        return new Notice(
                kind,
                severity(approval.risk()),
                approval.title(),
                Optional.of(body),
                subject(approval),
                "/approvals/" + approval.id(),
                kind.wireName() + ":" + approval.id());
    }

    private static Subject subject(Approval approval) {
        return Subject.of("approval", approval.id().value());
    }

    private static Notification.Severity severity(Approval.Risk risk) {
        return switch (risk) {
            case LOW, MEDIUM -> Notification.Severity.INFO;
            case HIGH -> Notification.Severity.WARNING;
            case CRITICAL -> Notification.Severity.CRITICAL;
        };
    }
}
