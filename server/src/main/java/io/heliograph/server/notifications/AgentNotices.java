package io.heliograph.server.notifications;

import io.heliograph.eventlog.Transaction;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.agents.Agent;
import io.heliograph.server.agents.AgentListener;
import io.heliograph.server.agents.AgentStatus;
import io.heliograph.server.events.Actor;
import io.heliograph.server.events.Subject;
import java.util.Optional;

/**
 * Notifies of agents that fail, and of agents that go offline while they were working; an agent that was idle or
 * stopped itself makes no notification. Immutable.
 */
final class AgentNotices implements AgentListener {
    private final Notifications notifications;

    AgentNotices(Notifications notifications) {
        this.notifications = notifications;
    }

    @Override
    public void statusChanged(
            Transaction transaction, WorkspaceId workspace, AgentStatus previous, Agent agent, Actor actor) {
        switch (agent.status()) {
            case ERROR ->
                publish(
                        transaction,
                        workspace,
                        agent,
                        actor,
                        NotificationKind.AGENT_ERROR,
                        agent.name() + " reports an error",
                        agent.error());
            case OFFLINE -> {
                boolean fellSilent = actor.equals(Actor.SYSTEM)
                        && (previous == AgentStatus.WORKING || previous == AgentStatus.WAITING_APPROVAL);
                if (fellSilent) {
                    publish(
                            transaction,
                            workspace,
                            agent,
                            actor,
                            NotificationKind.AGENT_OFFLINE,
                            agent.name() + " has gone silent",
                            agent.currentTask());
                }
            }
            case IDLE, WORKING, WAITING_APPROVAL -> {
                if (previous == AgentStatus.ERROR || previous == AgentStatus.OFFLINE) {
                    notifications.subjectResolved(transaction, workspace, actor, subject(agent));
                }
            }
        }
    }

    private void publish(
            Transaction transaction,
            WorkspaceId workspace,
            Agent agent,
            Actor actor,
            NotificationKind kind,
            String title,
            Optional<String> body) {
        notifications.publish(
                transaction,
                workspace,
                actor,
                new Notice(
                        kind,
                        Notification.Severity.WARNING,
                        title,
                        body,
                        subject(agent),
                        "/agents/" + agent.id(),
                        kind.wireName() + ":" + agent.id()));
    }

    private static Subject subject(Agent agent) {
        return Subject.of("agent", agent.id().value());
    }
}
