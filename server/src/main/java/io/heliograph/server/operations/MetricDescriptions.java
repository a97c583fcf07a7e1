package io.heliograph.server.operations;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/** Adds descriptions to the meters of this server, from one list ({@code metrics.properties}). Immutable. */
final class MetricDescriptions implements MeterFilter {
    private static final String LIST = "/metrics.properties";

    private final Properties descriptions = new Properties();

    MetricDescriptions() {
        try (InputStream list = Objects.requireNonNull(MetricDescriptions.class.getResourceAsStream(LIST))) {
            descriptions.load(list);
        } catch (IOException failure) {
            throw new UncheckedIOException(LIST + " cannot be read", failure);
        }
    }

    Set<String> names() {
        return descriptions.stringPropertyNames();
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        String description = descriptions.getProperty(id.getName());
        return description == null
                ? id
                : new Meter.Id(
                        id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), description, id.getType());
    }
}
