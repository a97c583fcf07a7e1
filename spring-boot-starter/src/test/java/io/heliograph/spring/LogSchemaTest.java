package io.heliograph.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

class LogSchemaTest {

    @Test
    void theMigrationsAreThoseOfTheLogWithAPrefix() throws IOException {
        List<Resource> logs = migrations("eventlog");

        assertThat(migrations("spring"))
                .extracting(Resource::getFilename)
                .containsExactlyElementsOf(
                        logs.stream().map(Resource::getFilename).toList());
        for (Resource of : logs) {
            Resource own = migrations("spring").get(logs.indexOf(of));
            assertThat(own.getContentAsString(StandardCharsets.UTF_8))
                    .as(
                            "%s; write it anew: sed -E 's/\\blog_(head|event|shared)/heliograph_log_\\1/g'",
                            own.getFilename())
                    .isEqualTo(of.getContentAsString(StandardCharsets.UTF_8)
                            .replaceAll("\\blog_(head|event|shared)", LogSchema.TABLE_PREFIX + "log_$1"));
        }
    }

    private static List<Resource> migrations(String module) throws IOException {
        return Arrays.stream(new PathMatchingResourcePatternResolver()
                        .getResources("classpath:io/heliograph/" + module + "/migration/V*.sql"))
                .sorted((one, other) ->
                        String.valueOf(one.getFilename()).compareTo(String.valueOf(other.getFilename())))
                .toList();
    }
}
