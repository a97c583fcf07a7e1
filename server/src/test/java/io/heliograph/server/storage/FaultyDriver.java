package io.heliograph.server.storage;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the JDBC drivers of this process, and makes the transaction of the next request with an {@code
 * Idempotency-Key} fail at a chosen point. Safe from any thread.
 */
public final class FaultyDriver implements Driver {
    private static final FaultyDriver INSTALLED = new FaultyDriver();
    /** The first statement of a keyed request's command. */
    private static final String LOOKUP = "select request_hash";

    private final List<Driver> real = new ArrayList<>();
    private final AtomicReference<@Nullable Fault> armed = new AtomicReference<>();
    private final AtomicBoolean fired = new AtomicBoolean();

    private FaultyDriver() {
        try {
            real.addAll(Collections.list(DriverManager.getDrivers()));
            for (Driver driver : real) {
                DriverManager.deregisterDriver(driver);
            }
            DriverManager.registerDriver(this);
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Where a transaction fails.
     *
     * @param statement of the command, from 1; a transaction that has fewer fails at its commit
     * @param committed whether a fault at the commit comes when the database has committed already
     */
    public record Fault(int statement, boolean committed) {}

    /** Connections that are opened from now on can fail. */
    public static FaultyDriver install() {
        return INSTALLED;
    }

    public void arm(Fault fault) {
        fired.set(false);
        armed.set(fault);
    }

    /** Whether the last fault has happened. */
    public boolean fired() {
        armed.set(null);
        return fired.get();
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        for (Driver driver : real) {
            if (driver.acceptsURL(url)) {
                return proxy(Connection.class, new FaultyConnection(driver.connect(url, info)));
            }
        }
        return null;
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        for (Driver driver : real) {
            if (driver.acceptsURL(url)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FaultyDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }

    /** Used by one thread at a time, as connections are. */
    private final class FaultyConnection implements InvocationHandler {
        private final Connection target;
        private @Nullable Fault fault;
        private int statements;

        FaultyConnection(Connection target) {
            this.target = target;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
            return switch (method.getName()) {
                case "prepareStatement" -> prepare(method, args);
                case "commit" -> commit();
                case "rollback" -> {
                    if (args == null) {
                        fault = null;
                    }
                    yield call(target, method, args);
                }
                default -> call(target, method, args);
            };
        }

        private Object prepare(Method method, Object @Nullable [] args) throws Throwable {
            boolean lookup = args != null && String.valueOf(args[0]).contains(LOOKUP);
            Object statement = call(target, method, args);
            return proxy(PreparedStatement.class, (_, called, arguments) -> {
                if (called.getName().startsWith("execute")) {
                    if (lookup) {
                        begin();
                    }
                    failAtStatement();
                }
                return call(java.util.Objects.requireNonNull(statement), called, arguments);
            });
        }

        private void begin() {
            Fault next = armed.getAndSet(null);
            if (next != null) {
                fault = next;
                statements = 0;
            }
        }

        private void failAtStatement() throws SQLException {
            Fault due = fault;
            if (due != null && ++statements == due.statement) {
                fail();
            }
        }

        private @Nullable Object commit() throws SQLException {
            Fault due = fault;
            if (due == null) {
                target.commit();
                return null;
            }
            if (due.committed) {
                target.commit();
            } else {
                target.rollback();
            }
            throw fail();
        }

        private SQLException fail() throws SQLException {
            fault = null;
            fired.set(true);
            throw new SQLException("an injected fault", "58030");
        }
    }
}
