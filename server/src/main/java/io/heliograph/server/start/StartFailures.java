package io.heliograph.server.start;

import io.heliograph.server.errors.InvalidSettingException;
import io.heliograph.server.errors.SettingNames;
import io.heliograph.server.errors.StartException;
import java.net.BindException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.util.unit.DataSize;

/**
 * Turns start failures that the operator can fix into one line each. Spring calls it first, so that it prints neither a
 * stack trace nor a report for them; other failures keep their stack trace.
 */
public final class StartFailures implements SpringBootExceptionReporter {

    /** For Spring, which finds this class in {@code META-INF/spring.factories}. */
    public StartFailures(@Nullable ConfigurableApplicationContext context) {}

    /** Claims the failures that {@code main} prints. */
    @Override
    public boolean reportException(Throwable failure) {
        return explain(failure).isPresent();
    }

    /** The line for a failure; empty when the failure is unknown. */
    public static Optional<String> explain(@Nullable Throwable failure) {
        org.springframework.boot.context.properties.bind.@Nullable BindException binding = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartException known -> {
                    return Optional.ofNullable(known.getMessage());
                }
                case InvalidSettingException setting -> {
                    return Optional.ofNullable(setting.getMessage());
                }
                case PortInUseException port -> {
                    return Optional.of("port " + port.getPort() + " is taken; choose another with --port");
                }
                case BindException address -> {
                    return Optional.of("the address is not available (" + address.getMessage()
                            + "); see heliograph.host and heliograph.port");
                }
                case UnboundConfigurationPropertiesException unknown -> {
                    return Optional.of("there is no setting "
                            + unknown.getUnboundProperties().stream()
                                    .map(property -> property.getName().toString())
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; docs/OPERATIONS.md lists them all");
                }
                case org.springframework.boot.context.properties.bind.BindException setting -> binding = setting;
                default -> {}
            }
        }
        return Optional.ofNullable(binding).map(StartFailures::explainBinding);
    }

    private static String explainBinding(org.springframework.boot.context.properties.bind.BindException failure) {
        ConfigurationProperty property = failure.getProperty();
        String key = failure.getName().toString();
        Object value = property == null ? "" : property.getValue();
        return key + " is \"" + (key.matches(".*(secret|password).*") ? "…" : value) + "\"; expected "
                + expected(failure.getTarget().getType()) + " (in the environment: " + SettingNames.environment(key)
                + ")";
    }

    private static String expected(@Nullable ResolvableType type) {
        Class<?> target = type == null ? Object.class : type.resolve(Object.class);
        if (target == int.class || target == long.class) {
            return "a whole number";
        }
        if (target == Duration.class) {
            return "a duration such as 500ms, 10s, 5m or 1d";
        }
        if (target == DataSize.class) {
            return "a size such as 64KB or 1MB";
        }
        if (target == boolean.class) {
            return "true or false";
        }
        if (target.isEnum()) {
            return "one of "
                    + Arrays.stream(target.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        return "another value";
    }
}
