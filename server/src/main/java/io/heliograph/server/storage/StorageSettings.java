package io.heliograph.server.storage;

import io.heliograph.server.errors.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of the data folder and the database.
 *
 * @param data folder of the database and the token secret, made when it is not there
 * @param databaseUrl {@code jdbc:postgresql://…}; empty: SQLite in the data folder
 * @param databaseUser for PostgreSQL, unless the URL has it
 * @param databasePassword for PostgreSQL, unless the URL has it
 * @param walCheckpointSize of SQLite's write-ahead log; a longer one is written back to the database file
 */
@ConfigurationProperties("heliograph")
public record StorageSettings(
        @DefaultValue("./data") String data,
        @DefaultValue("") String databaseUrl,
        @DefaultValue("") String databaseUser,
        @DefaultValue("") String databasePassword,
        @DefaultValue("4MB") DataSize walCheckpointSize) {

    private static final long MIN_WAL = DataSize.ofKilobytes(64).toBytes();
    private static final long MAX_WAL = DataSize.ofGigabytes(1).toBytes();

    public StorageSettings {
        InvalidSettingException.check(!data.isBlank(), "heliograph.data", data, "a folder");
        InvalidSettingException.check(
                databaseUrl.isEmpty() || databaseUrl.startsWith("jdbc:postgresql:"),
                "heliograph.database-url",
                databaseUrl.replaceFirst("password=[^&]*", "password=…"),
                "a URL that begins with jdbc:postgresql:, or nothing for SQLite in the data folder");
        InvalidSettingException.check(
                walCheckpointSize.toBytes() >= MIN_WAL && walCheckpointSize.toBytes() <= MAX_WAL,
                "heliograph.wal-checkpoint-size",
                walCheckpointSize,
                "a size from 64KB to 1GB");
    }

    /** Omits the password. */
    @Override
    public String toString() {
        return "StorageSettings[data=" + data + "]";
    }
}
