package io.heliograph.server.errors;

import java.util.Locale;

/** The two spellings of a setting's name. */
public final class SettingNames {
    private SettingNames() {}

    /** {@code heliograph.database-url} is {@code HELIOGRAPH_DATABASE_URL} in the environment. */
    public static String environment(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** {@code databaseUrl} is {@code database-url} in a file. */
    public static String kebab(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
