package io.heliograph.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.heliograph.server.errors.SettingNames;
import io.heliograph.server.web.ServerSettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Settings and their documentation are one list. */
final class SettingsTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `(heliograph\\.[a-z.-]+)` \\| `([A-Z_]+)` \\| (.*?) \\| (.+) \\|");

    @Test
    void operationsListsEverySettingWithItsNameInTheEnvironmentAndItsDefault() throws IOException {
        assertThat(documented()).isEqualTo(declared());
    }

    @Test
    void everySettingCanBeGivenInTheEnvironment() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        Map.of(
                                "HELIOGRAPH_PORT", "9090",
                                "HELIOGRAPH_PUBLIC_URL", "https://heliograph.example.com",
                                "HELIOGRAPH_ALLOWED_ORIGINS", "https://a.example,https://b.example",
                                "HELIOGRAPH_MAX_BODY", "2MB")));

        ServerSettings settings = Binder.get(environment).bindOrCreate("heliograph", ServerSettings.class);

        assertThat(settings.port()).isEqualTo(9090);
        assertThat(settings.publicUrl()).isEqualTo("https://heliograph.example.com");
        assertThat(settings.allowedOrigins()).isEqualTo(List.of("https://a.example", "https://b.example"));
        assertThat(settings.maxBody().toMegabytes()).isEqualTo(2);
    }

    @Test
    void theNearestNameIsTheOneWithTheFewestChanges() {
        assertThat(SettingsCheck.distance("heliograph.prot", "heliograph.port")).isEqualTo(2);
        assertThat(SettingsCheck.distance("abc", "abc")).isZero();
        assertThat(SettingsCheck.distance("", "abc")).isEqualTo(3);
    }

    private static Set<String> documented() throws IOException {
        Set<String> rows = new TreeSet<>();
        Matcher matcher = ROW.matcher(Files.readString(Path.of("../docs/OPERATIONS.md")));
        while (matcher.find()) {
            rows.add(row(matcher.group(1), matcher.group(2), matcher.group(3)));
        }
        return rows;
    }

    private static Set<String> declared() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.heliograph.server")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(ConfigurationProperties.class))
                        .map(type -> type.reflect())
                        .flatMap(type -> Arrays.stream(type.getRecordComponents())
                                .map(component -> row(type.getAnnotation(ConfigurationProperties.class), component)))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String row(ConfigurationProperties annotation, RecordComponent component) {
        String key = annotation.value() + "." + SettingNames.kebab(component.getName());
        DefaultValue given = Arrays.stream(component
                        .getDeclaringRecord()
                        .getDeclaredConstructors()[0]
                        .getParameters())
                .filter(parameter -> parameter.getName().equals(component.getName()))
                .map(parameter -> parameter.getAnnotation(DefaultValue.class))
                .findFirst()
                .orElseThrow();
        assertThat(given)
                .as(key + " needs a default that is right for one machine")
                .isNotNull();
        String value = String.join(",", given.value());
        return row(key, SettingNames.environment(key), value.isEmpty() ? "" : "`" + value + "`");
    }

    private static String row(String key, String environment, String value) {
        return key + " | " + environment + " | " + value.strip();
    }
}
