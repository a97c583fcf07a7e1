package io.heliograph.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One PostgreSQL for all tests of this process, with an empty database for each that asks. */
final class TestPostgres {
    private static final EmbeddedPostgres SERVER = start();
    private static int databases;

    private TestPostgres() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().start();
        } catch (IOException e) {
            throw new AssertionError("PostgreSQL does not start", e);
        }
    }

    /** The URL of a new database. */
    static synchronized String newDatabase() {
        String name = "app" + ++databases;
        try (Connection connection = SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new AssertionError("no database", e);
        }
        return "jdbc:postgresql://127.0.0.1:" + SERVER.getPort() + "/" + name + "?user=postgres";
    }

    static HikariDataSource newPool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(newDatabase());
        return pool;
    }
}
