package io.heliograph.server.start;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command, which take precedence over the environment and files. */
final class Overrides {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data folder; ./data unless heliograph.data says otherwise")
    private @Nullable String data;

    /** As settings. */
    Map<String, String> toSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (data != null) {
            settings.put("heliograph.data", data);
        }
        return settings;
    }
}
