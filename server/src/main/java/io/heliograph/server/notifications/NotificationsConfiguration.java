package io.heliograph.server.notifications;

import io.heliograph.eventlog.EventLog;
import io.heliograph.server.agents.AgentListener;
import io.heliograph.server.approvals.ApprovalListener;
import io.heliograph.server.audit.AuditTrail;
import io.heliograph.server.events.EventDrafts;
import io.heliograph.server.retention.AgedRows;
import io.heliograph.server.retention.RetentionSettings;
import io.heliograph.server.retention.RetentionTask;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({NotificationSettings.class, RetentionSettings.class})
class NotificationsConfiguration {

    @Bean
    NotificationStore notificationStore() {
        return new NotificationStore();
    }

    @Bean
    Notifications notifications(NotificationStore store, EventDrafts drafts, NotificationSettings settings) {
        return new Notifications(store, drafts, settings);
    }

    @Bean
    PreferenceChanges preferenceChanges(AuditTrail audit) {
        return new PreferenceChanges(audit);
    }

    @Bean
    RetentionTask readNotificationRetention(EventLog log, JdbcClient jdbc, RetentionSettings settings, Clock clock) {
        return new AgedRows(
                        "notifications",
                        "member_notification",
                        "member_id || '/' || id",
                        "read_at",
                        settings.readNotifications())
                .removedBy(log, jdbc, clock, NotificationStore::remove);
    }

    @Bean
    ApprovalListener approvalNotices(Notifications notifications) {
        return new ApprovalNotices(notifications);
    }

    @Bean
    AgentListener agentNotices(Notifications notifications) {
        return new AgentNotices(notifications);
    }
}
