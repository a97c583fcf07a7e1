package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;

/** Reads of the database, each on a connection of a pool. Safe from any thread. */
final class Snapshots {
    private final DataSource readPool;
    private final Optional<String> beginRead;

    Snapshots(DataSource readPool, Dialect dialect) {
        this.readPool = readPool;
        this.beginRead = dialect.beginRead();
    }

    @FunctionalInterface
    interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    /**
     * Runs a read whose statements all see one snapshot.
     *
     * @throws EventLogException when the database failed
     */
    <T> T inSnapshot(WorkspaceId workspace, Reading<T> reading) {
        return onConnection("a read of workspace " + workspace, connection -> {
            connection.setAutoCommit(false);
            try {
                beginRead(connection);
                return reading.read(connection);
            } catch (RuntimeException e) {
                if (Failures.outward(workspace, e) instanceof EventLogException failure) {
                    throw failure;
                }
                throw e;
            } finally {
                connection.rollback();
            }
        });
    }

    private void beginRead(Connection connection) throws SQLException {
        if (beginRead.isPresent()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(beginRead.get());
            }
        }
    }

    /**
     * Runs a read of a single statement.
     *
     * @param what is read, for the text of a failure
     * @throws EventLogException when the database failed
     */
    <T> T onConnection(String what, Reading<T> reading) {
        try (Connection connection = readPool.getConnection()) {
            return reading.read(connection);
        } catch (SQLException e) {
            throw new EventLogException(what + " failed", e);
        }
    }
}
