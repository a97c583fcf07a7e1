package io.heliograph.server.notifications;

import io.heliograph.server.agents.AgentListener;
import io.heliograph.server.approvals.ApprovalListener;
import io.heliograph.server.events.EventDrafts;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationSettings.class)
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
    ApprovalListener approvalNotices(Notifications notifications) {
        return new ApprovalNotices(notifications);
    }

    @Bean
    AgentListener agentNotices(Notifications notifications) {
        return new AgentNotices(notifications);
    }
}
