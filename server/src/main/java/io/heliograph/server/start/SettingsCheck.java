package io.heliograph.server.start;

import io.heliograph.server.errors.SettingNames;
import io.heliograph.server.errors.StartException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Rejects unknown settings, because a misspelt name would silently mean the default. For environment variables it only
 * warns, because other programs may use similar names.
 */
@Component
final class SettingsCheck implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsCheck.class);
    private static final String PREFIX = "heliograph.";
    private static final String ENVIRONMENT_PREFIX = "HELIOGRAPH_";
    /** Names that the launcher and logback.xml use. */
    private static final Set<String> NOT_SETTINGS =
            Set.of("HELIOGRAPH_STARTED_AT", "HELIOGRAPH_JAVA_OPTS", "HELIOGRAPH_KILLS", "heliograph.log-target");

    private final ListableBeanFactory beans;
    private final ConfigurableEnvironment environment;

    SettingsCheck(ListableBeanFactory beans, ConfigurableEnvironment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Set<String> known = new TreeSet<>();
        beans.getBeansWithAnnotation(ConfigurationProperties.class)
                .values()
                .forEach(settings -> names(settings.getClass()).forEach(known::add));
        environment.getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance)
                .map(EnumerablePropertySource.class::cast)
                .forEach(source -> check(source, known));
    }

    /** The settings of a record, in kebab case with its prefix. */
    static Stream<String> names(Class<?> settings) {
        ConfigurationProperties annotation = settings.getAnnotation(ConfigurationProperties.class);
        if (annotation == null || !annotation.value().concat(".").startsWith(PREFIX) || !settings.isRecord()) {
            return Stream.empty();
        }
        return Arrays.stream(settings.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> annotation.value() + "." + SettingNames.kebab(name));
    }

    private static void check(EnumerablePropertySource<?> source, Set<String> known) {
        boolean isEnvironment = source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        for (String name : source.getPropertyNames()) {
            if (NOT_SETTINGS.contains(name)) {
                continue;
            }
            if (isEnvironment) {
                if (name.startsWith(ENVIRONMENT_PREFIX)
                        && known.stream()
                                .noneMatch(key -> SettingNames.environment(key).equals(name))) {
                    LOG.warn("{} in the environment is no setting of this server; it is ignored", name);
                }
            } else if (name.startsWith(PREFIX) && !known.contains(withoutIndex(name))) {
                throw new StartException("there is no setting " + name + "; did you mean " + nearest(name, known)
                        + "? docs/OPERATIONS.md lists them all");
            }
        }
    }

    private static String withoutIndex(String name) {
        return name.replaceAll("\\[[0-9]+]$", "");
    }

    private static String nearest(String name, Set<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(key -> distance(name, key)))
                .orElse("");
    }

    /** The Levenshtein distance. */
    static int distance(String from, String to) {
        int[] last = new int[to.length() + 1];
        Arrays.setAll(last, index -> index);
        for (int row = 1; row <= from.length(); row++) {
            int[] next = new int[to.length() + 1];
            next[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int change = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
                next[column] = Math.min(last[column - 1] + change, 1 + Math.min(last[column], next[column - 1]));
            }
            last = next;
        }
        return last[to.length()];
    }
}
