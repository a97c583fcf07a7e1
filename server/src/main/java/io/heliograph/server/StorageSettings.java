package io.heliograph.server;

import io.heliograph.server.web.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the data is.
 *
 * @param data folder of the database and the token secret, made when it is not there
 * @param databaseUrl {@code jdbc:postgresql://…}; empty: SQLite in the data folder
 * @param databaseUser for PostgreSQL, unless the URL has it
 * @param databasePassword for PostgreSQL, unless the URL has it
 */
@ConfigurationProperties("heliograph")
record StorageSettings(
        @DefaultValue("./data") String data,
        @DefaultValue("") String databaseUrl,
        @DefaultValue("") String databaseUser,
        @DefaultValue("") String databasePassword) {

    StorageSettings {
        InvalidSettingException.check(!data.isBlank(), "heliograph.data", data, "a folder");
        InvalidSettingException.check(
                databaseUrl.isEmpty() || databaseUrl.startsWith("jdbc:postgresql:"),
                "heliograph.database-url",
                databaseUrl.replaceFirst("password=[^&]*", "password=…"),
                "a URL that begins with jdbc:postgresql:, or nothing for SQLite in the data folder");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "StorageSettings[data=" + data + "]";
    }
}
