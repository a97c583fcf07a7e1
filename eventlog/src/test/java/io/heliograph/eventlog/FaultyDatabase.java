package io.heliograph.eventlog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A SQLite database in memory with the log's tables, whose calls fail when the test says so. For one thread. */
final class FaultyDatabase implements AutoCloseable {
    private static final Pattern END_OF_STATEMENT = Pattern.compile(";\\s*$", Pattern.MULTILINE);

    private final Connection connection;
    private final Queue<SQLException> connections = new ArrayDeque<>();
    private final Queue<SQLException> statements = new ArrayDeque<>();
    private final Queue<SQLException> commits = new ArrayDeque<>();
    private boolean failAfterTheCommit;

    FaultyDatabase() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite::memory:");
            for (String script : List.of("V1__event_log.sql", "V2__shared_payloads.sql", "V18__topics_and_keys.sql")) {
                for (String sql : END_OF_STATEMENT.split(migration(script), -1)) {
                    try (Statement statement = connection.createStatement()) {
                        statement.executeUpdate(sql);
                    }
                }
            }
        } catch (SQLException e) {
            throw new AssertionError("the tables cannot be made", e);
        }
    }

    private static String migration(String name) {
        try (InputStream in = Objects.requireNonNull(EventLog.class.getResourceAsStream("migration/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The connection itself, which never fails. */
    Connection connection() {
        return connection;
    }

    /** The next attempts to get a connection fail. */
    void failConnections(SQLException... failures) {
        connections.addAll(List.of(failures));
    }

    /** The next statements fail when they are prepared. */
    void failStatements(SQLException... failures) {
        statements.addAll(List.of(failures));
    }

    /** The next commits fail and have not happened. */
    void failCommits(SQLException... failures) {
        commits.addAll(List.of(failures));
    }

    /** The next commits happen, and fail all the same. */
    void failCommitsAfterTheyHappened(SQLException... failures) {
        failAfterTheCommit = true;
        commits.addAll(List.of(failures));
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                throw new UnsupportedOperationException(method.getName());
            }
            throwNext(connections);
            return proxy(Connection.class, this::onConnection);
        });
    }

    private @Nullable Object onConnection(Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "close" -> {
                // The database lives as long as its one connection.
                connection.rollback();
                connection.setAutoCommit(true);
                return null;
            }
            case "prepareStatement" -> throwNext(statements);
            case "commit" -> {
                if (!failAfterTheCommit) {
                    throwNext(commits);
                }
                connection.commit();
                throwNext(commits);
                return null;
            }
            default -> {}
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static void throwNext(Queue<SQLException> failures) throws SQLException {
        SQLException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    private interface Call {
        @Nullable
        Object run(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader() == null ? FaultyDatabase.class.getClassLoader() : type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.run(method, arguments)));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
