package io.heliograph.server.tracing;

import io.heliograph.server.errors.InvalidSettingException;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of tracing.
 *
 * @param endpoint of a collector that takes OTLP over HTTP; empty: nothing is traced
 * @param sample share of the commands that are traced when the caller does not say, 0 to 1
 */
@ConfigurationProperties("heliograph.tracing")
public record TracingSettings(
        @DefaultValue("") String endpoint,
        @DefaultValue("1.0") double sample) {

    public TracingSettings {
        InvalidSettingException.check(
                endpoint.isEmpty() || isUrl(endpoint),
                "heliograph.tracing.endpoint",
                endpoint,
                "a URL such as http://localhost:4318/v1/traces");
        InvalidSettingException.check(
                sample >= 0 && sample <= 1, "heliograph.tracing.sample", sample, "a share from 0 to 1");
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = URI.create(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
