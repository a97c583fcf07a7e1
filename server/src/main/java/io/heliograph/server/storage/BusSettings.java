package io.heliograph.server.storage;

import io.heliograph.eventlog.RedisAddress;
import io.heliograph.server.errors.InvalidSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of what carries events between nodes.
 *
 * @param bus {@code redis://…} or {@code postgresql://…}; {@code none}: this is the only node; empty: the database when it is
 *     PostgreSQL, else this is the only node
 * @param busCertificates file of PEM certificates that Redis is verified with over TLS; empty: those that Java trusts
 * @param busQueue bytes that wait for Redis or PostgreSQL; more is dropped
 */
@ConfigurationProperties("heliograph")
public record BusSettings(
        @DefaultValue("") String bus,
        @DefaultValue("") String busCertificates,
        @DefaultValue("32MB") DataSize busQueue) {

    private static final String NONE = "none";
    private static final long MIN_QUEUE = DataSize.ofKilobytes(64).toBytes();
    private static final long MAX_QUEUE = DataSize.ofGigabytes(1).toBytes();

    public BusSettings {
        InvalidSettingException.check(
                bus.isEmpty()
                        || bus.equals(NONE)
                        || RedisAddress.parse(bus).isPresent()
                        || PostgresUrl.parse(bus).isPresent(),
                "heliograph.bus",
                withoutCredentials(bus),
                "a URL such as redis://host:port/db, rediss://:password@host:port (TLS), redis://host1:port,host2:port (cluster),"
                        + " redis-sentinel://host1:port,host2:port#master or postgresql://host:port/database, its special"
                        + " characters percent-encoded; none for one node; or nothing for the database when it is PostgreSQL");
        InvalidSettingException.check(
                busCertificates.isEmpty() || Files.isReadable(Path.of(busCertificates)),
                "heliograph.bus-certificates",
                busCertificates,
                "a readable file of PEM certificates");
        InvalidSettingException.check(
                busQueue.toBytes() >= MIN_QUEUE && busQueue.toBytes() <= MAX_QUEUE,
                "heliograph.bus-queue",
                busQueue,
                "a size from 64KB to 1GB");
    }

    private static String withoutCredentials(String bus) {
        return bus.replaceFirst("^([a-z:-]+://)?.*@", "$1…@").replaceFirst("password=[^&]*", "password=…");
    }

    /** Empty when the bus is not on Redis. */
    Optional<RedisAddress> redis() {
        return RedisAddress.parse(bus);
    }

    /** Empty when no URL of PostgreSQL is given. */
    Optional<PostgresUrl> postgresql() {
        return PostgresUrl.parse(bus);
    }

    /** Whether the database is the bus when it can be. */
    boolean usesDatabase() {
        return bus.isEmpty();
    }

    /** Omits the password. */
    @Override
    public String toString() {
        return "BusSettings[bus=" + withoutCredentials(bus) + "]";
    }
}
