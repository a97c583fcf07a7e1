package io.heliograph.spring;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * The log's tables in the application's own database: {@code heliograph_log_head} and others, created and updated by
 * migrations with a history table of their own, apart from the application's.
 */
final class LogSchema {
    static final String TABLE_PREFIX = "heliograph_";

    private static final String LOCATION = "classpath:io/heliograph/spring/migration";
    private static final String HISTORY = "heliograph_schema_history";

    private LogSchema() {}

    enum Database {
        SQLITE,
        POSTGRESQL
    }

    /** @throws HeliographStartException when it is neither SQLite nor PostgreSQL, or cannot be reached */
    static Database databaseOf(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            return switch (product.toLowerCase(Locale.ROOT)) {
                case "sqlite" -> Database.SQLITE;
                case "postgresql" -> Database.POSTGRESQL;
                default ->
                    throw new HeliographStartException(
                            "the log is kept in PostgreSQL or SQLite, and the application's DataSource is " + product,
                            "Let spring.datasource.url name a PostgreSQL (14 or later) or SQLite database. With another"
                                    + " database, run Heliograph beside the service and publish events over REST.");
            };
        } catch (SQLException failure) {
            throw new HeliographStartException(
                    "the application's DataSource gives no connection: " + failure.getMessage(),
                    "Check spring.datasource.url, and that the database runs.");
        }
    }

    static void migrate(DataSource dataSource) {
        Flyway.configure(LogSchema.class.getClassLoader())
                .dataSource(dataSource)
                .locations(LOCATION)
                .table(HISTORY)
                // The schema has the application's tables already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .failOnMissingLocations(true)
                .load()
                .migrate();
    }
}
