package io.heliograph.server.notifications;

import io.heliograph.server.errors.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of notifications.
 *
 * @param maxRecipients members that one event notifies at most, in the order in which they joined
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
