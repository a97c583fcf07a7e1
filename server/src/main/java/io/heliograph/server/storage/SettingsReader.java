package io.heliograph.server.storage;

import java.util.Map;
import java.util.Objects;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Reads settings without starting the server, from the same sources with the same precedence: overrides, system
 * properties, the environment, files.
 */
public final class SettingsReader {
    /** Files are called heliograph.properties or heliograph.yaml. */
    public static final Map<String, Object> FILES = Map.of("spring.config.name", "heliograph");

    private final Binder binder;

    private SettingsReader(Binder binder) {
        this.binder = binder;
    }

    public static SettingsReader load(Map<String, String> overrides) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("overrides", Map.copyOf(overrides)));
        environment.getPropertySources().addLast(new MapPropertySource("defaults", FILES));
        ConfigDataEnvironmentPostProcessor.applyTo(
                environment, new DefaultResourceLoader(), new DefaultBootstrapContext());
        return new SettingsReader(Binder.get(environment));
    }

    /** Binds a settings record by the prefix in its annotation. */
    public <T> T bind(Class<T> settings) {
        ConfigurationProperties annotation =
                Objects.requireNonNull(settings.getAnnotation(ConfigurationProperties.class));
        return binder.bindOrCreate(annotation.value(), settings);
    }
}
