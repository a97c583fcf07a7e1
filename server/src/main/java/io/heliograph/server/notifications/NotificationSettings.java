package io.heliograph.server.notifications;

import io.heliograph.server.errors.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How far notifications reach.
 *
 * @param maxRecipients members that one happening is told to at most, those first who joined first
 */
@ConfigurationProperties("heliograph.notifications")
record NotificationSettings(@DefaultValue("500") int maxRecipients) {
    NotificationSettings {
        InvalidSettingException.check(
                maxRecipients >= 1 && maxRecipients <= 10_000,
                "heliograph.notifications.max-recipients",
                maxRecipients,
                "a number from 1 to 10000");
    }
}
