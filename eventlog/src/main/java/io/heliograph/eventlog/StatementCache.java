package io.heliograph.eventlog;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that keeps its prepared statements, for a driver that has no cache of its own: SQLite's prepares a
 * statement anew each time, which costs as much as running it.
 *
 * <p>A statement that is closed is kept under its SQL, without parameters and results, and given out again for the same
 * SQL; one that failed is not kept. At most {@value #MAX_IDLE} are kept, those that were used last.
 *
 * <p>Used by one thread at a time, as every connection is.
 */
final class StatementCache implements InvocationHandler {
    private static final int MAX_IDLE = 200;

    private final Connection connection;
    // In the order of their last use. A statement in use is not here.
    private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

    private StatementCache(Connection connection) {
        this.connection = connection;
    }

    /** The same connection with a cache. */
    static Connection on(Connection connection) {
        return proxy(Connection.class, new StatementCache(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("prepareStatement") && arguments != null && arguments.length == 1) {
            String sql = (String) arguments[0];
            PreparedStatement found = idle.remove(sql);
            PreparedStatement statement = found == null ? connection.prepareStatement(sql) : found;
            return proxy(PreparedStatement.class, new Use(sql, statement));
        }
        return call(connection, method, arguments);
    }

    private void release(String sql, PreparedStatement statement) throws SQLException {
        PreparedStatement other = idle.put(sql, statement);
        if (other != null) {
            other.close();
        }
        if (idle.size() > MAX_IDLE) {
            String oldest = idle.keySet().iterator().next();
            PreparedStatement removed = idle.remove(oldest);
            if (removed != null) {
                removed.close();
            }
        }
    }

    /** One use of a statement, from when it was prepared until it is closed. */
    private final class Use implements InvocationHandler {
        private final String sql;
        private final PreparedStatement statement;
        private @Nullable ResultSet results;
        private boolean failed;
        private boolean closed;

        Use(String sql, PreparedStatement statement) {
            this.sql = sql;
            this.statement = statement;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            return switch (method.getName()) {
                case "close" -> {
                    close();
                    yield null;
                }
                case "isClosed" -> closed;
                default -> run(method, arguments);
            };
        }

        private @Nullable Object run(Method method, Object @Nullable [] arguments) throws Throwable {
            if (closed) {
                throw new SQLException("the statement is closed");
            }
            try {
                Object result = call(statement, method, arguments);
                if (result instanceof ResultSet opened) {
                    results = opened;
                }
                return result;
            } catch (SQLException e) {
                failed = true;
                throw e;
            }
        }

        private void close() throws SQLException {
            if (closed) {
                return;
            }
            closed = true;
            if (failed) {
                statement.close();
                return;
            }
            if (results != null) {
                results.close();
            }
            statement.clearParameters();
            statement.clearBatch();
            release(sql, statement);
        }
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(StatementCache.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
