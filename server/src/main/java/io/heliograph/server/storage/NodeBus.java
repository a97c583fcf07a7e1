package io.heliograph.server.storage;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.BusMetrics;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.PostgresBus;
import io.heliograph.eventlog.PostgresBusSettings;
import io.heliograph.eventlog.RedisAddress;
import io.heliograph.eventlog.RedisBus;
import io.heliograph.eventlog.RedisBusSettings;
import io.heliograph.server.errors.StartException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Opens what carries events between nodes, as the settings say. */
public final class NodeBus {
    private static final Logger LOG = LoggerFactory.getLogger(NodeBus.class);
    private static final Duration VERIFY_TIMEOUT = Duration.ofSeconds(3);
    private static final String WITHOUT =
            "Events of other nodes arrive by the checks of the log's head only. Set heliograph.bus to"
                    + " postgresql://… of a direct connection or to redis://…, or to none when this is the only node.";

    private NodeBus() {}

    /**
     * Opens the bus; it does not wait for a server that is away.
     *
     * @throws StartException when the settings name a bus that cannot work
     */
    public static Bus open(BusSettings settings, StorageSettings storage, BusMetrics metrics) {
        Optional<RedisAddress> redis = settings.redis();
        if (redis.isPresent()) {
            return RedisBus.open(redis.get(), redisSettings(settings), metrics);
        }
        Optional<PostgresUrl> named = settings.postgresql();
        boolean postgresql = !storage.databaseUrl().isEmpty();
        if (named.isPresent()) {
            if (!postgresql) {
                throw new StartException("heliograph.bus names PostgreSQL, but the log is in SQLite: set"
                        + " heliograph.database-url to that PostgreSQL, or leave heliograph.bus empty");
            }
            return named(source(named.get().jdbc(), withUser(named.get().credentials(), storage)), settings, metrics);
        }
        return postgresql && settings.usesDatabase()
                ? database(source(storage.databaseUrl(), withUser(new Properties(), storage)), settings, metrics)
                : new LocalBus();
    }

    private static RedisBusSettings redisSettings(BusSettings settings) {
        RedisBusSettings.Builder redis = RedisBusSettings.builder()
                .unansweredBytes((int) settings.busQueue().toBytes());
        if (!settings.busCertificates().isEmpty()) {
            redis.certificates(Path.of(settings.busCertificates()));
        }
        return redis.build();
    }

    private static PostgresBus postgresBus(DataSource source, BusSettings settings, BusMetrics metrics) {
        PostgresBusSettings defaults = PostgresBusSettings.defaults();
        return PostgresBus.open(
                source,
                new PostgresBusSettings(
                        (int) settings.busQueue().toBytes(), defaults.timeout(), defaults.longestRetry()),
                metrics);
    }

    /** The settings ask for it, so that what cannot work is an error. */
    private static Bus named(DataSource source, BusSettings settings, BusMetrics metrics) {
        try {
            PostgresBus.verify(source, VERIFY_TIMEOUT);
        } catch (SQLNonTransientConnectionException unusable) {
            throw new StartException(
                    "the PostgreSQL of heliograph.bus cannot be the bus: " + unusable.getMessage(), unusable);
        } catch (SQLException away) {
            LOG.debug("the bus connects later", away);
        }
        return postgresBus(source, settings, metrics);
    }

    /** Nothing asks for it: one node behind a pooler needs no bus. */
    private static Bus database(DataSource source, BusSettings settings, BusMetrics metrics) {
        try {
            PostgresBus.verify(source, VERIFY_TIMEOUT);
        } catch (SQLNonTransientConnectionException unusable) {
            LOG.warn("The database cannot be the bus between nodes: {}. {}", unusable.getMessage(), WITHOUT);
            return new LocalBus();
        } catch (SQLException away) {
            LOG.debug("the bus connects later", away);
        }
        return postgresBus(source, settings, metrics);
    }

    /** Adds the user of the database where the bus has none of its own. */
    private static Properties withUser(Properties credentials, StorageSettings storage) {
        if (credentials.containsKey("user")) {
            return credentials;
        }
        Properties all = new Properties();
        Properties database = Driver.parseURL(storage.databaseUrl(), null);
        if (!storage.databaseUser().isEmpty()) {
            all.setProperty("user", storage.databaseUser());
            all.setProperty("password", storage.databasePassword());
        } else if (database != null) {
            for (String key : new String[] {"user", "password"}) {
                Optional.ofNullable(database.getProperty(key)).ifPresent(value -> all.setProperty(key, value));
            }
        }
        all.putAll(credentials);
        return all;
    }

    /** A new connection each time. The URL's own parameters win over these. */
    private static DataSource source(String url, Properties credentials) {
        Properties properties = new Properties();
        properties.putAll(credentials);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("ApplicationName", "heliograph-bus");
        return new DriverManagerDataSource(url, properties);
    }
}
