package io.heliograph.server.publishing;

import io.heliograph.server.errors.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of published events. Their rate is one of {@code heliograph.limits}.
 *
 * @param maxPerRequest events that one request publishes
 * @param maxData of one event, as JSON
 * @param maxDataPerRequest of all events of one request
 */
@ConfigurationProperties("heliograph.events")
record PublishingSettings(
        @DefaultValue("100") int maxPerRequest,
        @DefaultValue("64KB") DataSize maxData,
        @DefaultValue("256KB") DataSize maxDataPerRequest) {
    private static final int MOST_PER_REQUEST = 1_000;
    private static final DataSize MOST_DATA = DataSize.ofKilobytes(64);
    private static final DataSize MOST_DATA_PER_REQUEST = DataSize.ofMegabytes(16);

    PublishingSettings {
        InvalidSettingException.check(
                maxPerRequest >= 1 && maxPerRequest <= MOST_PER_REQUEST,
                "heliograph.events.max-per-request",
                maxPerRequest,
                "a number from 1 to " + MOST_PER_REQUEST);
        size("max-data", maxData, MOST_DATA, "a size from 1KB to 64KB");
        size("max-data-per-request", maxDataPerRequest, MOST_DATA_PER_REQUEST, "a size from 1KB to 16MB");
    }

    private static void size(String name, DataSize value, DataSize most, String expected) {
        InvalidSettingException.check(
                value.toBytes() >= 1024 && value.compareTo(most) <= 0, "heliograph.events." + name, value, expected);
    }
}
