package io.heliograph.server.presence;

import io.heliograph.server.errors.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of presence.
 *
 * @param enabled whether members see who is online
 * @param maxMembers in one update; those who look at an approval come first
 */
@ConfigurationProperties("heliograph.presence")
record PresenceSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("200") int maxMembers) {
    PresenceSettings {
        InvalidSettingException.check(
                maxMembers >= 1 && maxMembers <= 1000,
                "heliograph.presence.max-members",
                maxMembers,
                "a number from 1 to 1000");
    }
}
