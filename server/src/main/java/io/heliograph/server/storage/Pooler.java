package io.heliograph.server.storage;

import com.zaxxer.hikari.HikariConfig;
import io.heliograph.server.errors.StartException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGConnection;

/**
 * Whether a pooler such as PgBouncer stands between this process and PostgreSQL. In transaction mode it gives each
 * transaction another backend, so that prepared statements and settings of a session are lost.
 */
final class Pooler {
    private Pooler() {}

    /** Compares the backend that the protocol named when the connection began with the one that runs a statement. */
    static boolean isBetween(HikariConfig config) {
        Properties properties = new Properties();
        properties.putAll(config.getDataSourceProperties());
        if (config.getUsername() != null) {
            properties.setProperty("user", config.getUsername());
            properties.setProperty("password", config.getPassword());
        }
        properties.setProperty("prepareThreshold", "0");
        try (Connection connection = DriverManager.getConnection(config.getJdbcUrl(), properties);
                Statement statement = connection.createStatement();
                ResultSet backend = statement.executeQuery("select pg_backend_pid()")) {
            backend.next();
            return backend.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
        } catch (SQLException failure) {
            throw new StartException(
                    "the database of heliograph.database-url cannot be reached: " + failure.getMessage(), failure);
        }
    }
}
