package io.heliograph.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each meter of the code has a description, and none is described that there is not. */
final class MetricDescriptionsTest {
    /** A call that makes a meter, with the meter's name. */
    private static final Pattern METER =
            Pattern.compile("\\b(?:timer|counter|gauge|summary|builder)\\(\\s*\"(heliograph\\.[a-z.]+)\"");

    @Test
    void everyMeterIsDescribedAndNothingElse() throws IOException {
        assertThat(new MetricDescriptions().names())
                .as("server/src/main/resources/metrics.properties")
                .isEqualTo(meters());
    }

    @Test
    void aDescriptionIsTheHelpOfItsMetric() {
        MeterRegistry registry = new OperationsConfiguration().meterRegistry();

        Counter counter = registry.counter("heliograph.limits.refused", "limit", "asks");

        assertThat(counter.getId().getDescription()).isEqualTo("Requests that were refused by a rate limit, by limit");
    }

    private static Set<String> meters() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = METER.matcher(Files.readString(file));
                while (matcher.find()) {
                    names.add(matcher.group(1));
                }
            }
        }
        return names;
    }
}
