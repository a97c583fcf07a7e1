package io.heliograph.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Two connections of one node to PostgreSQL: one that listens, and one that notifies, because the first waits. Nothing else
 * uses them. After a failure they are closed, and a new session begins.
 *
 * <p>The channel belongs to the table {@code log_head} that the connections see: nodes meet when they have the same log,
 * whatever else is in the database. One channel serves all workspaces, because PostgreSQL wakes every session that listens in
 * a database for each notification, whatever channel it names, and searches the session's list of channels.
 *
 * <p>One thread calls {@link #receive}, another {@link #send}; {@link #close} any thread.
 *
 * <p>Source: PostgreSQL, "LISTEN" and "NOTIFY"; PostgreSQL JDBC Driver, "Listen / Notify".
 */
final class NotificationSession implements AutoCloseable {
    private static final String CHANNEL = "select 'heliograph_' || to_regclass('log_head')::oid";
    private static final String NOTIFY = "select pg_notify(?, payload) from unnest(?) payload";

    private final Connection listener;
    private final Connection notifier;
    private final PreparedStatement notify;

    private NotificationSession(Connection listener, Connection notifier, Duration timeout) throws SQLException {
        this.listener = listener;
        this.notifier = notifier;
        for (Connection connection : List.of(listener, notifier)) {
            connection.setAutoCommit(true);
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
        }
        // A hint needs not survive a crash of the database, and its commit waits for no disk.
        execute(notifier, "set synchronous_commit = off");
        notify = notifier.prepareStatement(NOTIFY);
        verifyArrival(timeout);
        notify.setString(1, channel());
        execute(listener, "listen " + channel());
    }

    /**
     * Connects and listens: what other nodes send from now on arrives.
     *
     * @param source a new connection each time, none of a pool
     * @throws SQLException when that cannot be, with the reason: the database is away or not the log's, it is a standby, or a
     *     pooler hands out another session for each transaction
     */
    static NotificationSession open(DataSource source, Duration timeout) throws SQLException {
        Connection listener = source.getConnection();
        try {
            Connection notifier = source.getConnection();
            try {
                return new NotificationSession(listener, notifier, timeout);
            } catch (SQLException | RuntimeException failure) {
                abort(notifier);
                throw failure;
            }
        } catch (SQLException | RuntimeException failure) {
            abort(listener);
            throw failure;
        }
    }

    private String channel() throws SQLException {
        try (Statement statement = listener.createStatement();
                ResultSet row = statement.executeQuery(CHANNEL)) {
            row.next();
            String channel = row.getString(1);
            if (channel == null) {
                throw new SQLNonTransientConnectionException(
                        "its database has no table log_head in the schema of the connection: it is not the log's");
            }
            return channel;
        }
    }

    /**
     * Makes sure that a notification of one connection gets to the other, on a channel that is never used again: a pooler
     * leaves a session that listens to other clients.
     */
    private void verifyArrival(Duration timeout) throws SQLException {
        String once = "heliograph_check_" + UUID.randomUUID().toString().replace('-', '_');
        execute(listener, "listen " + once);
        notify.setString(1, once);
        send(List.of("arrived"));
        long deadline = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            if (!receive(Duration.ofNanos(left)).isEmpty()) {
                execute(listener, "unlisten " + once);
                return;
            }
        }
        throw new SQLNonTransientConnectionException("its notifications do not arrive: a pooler such as PgBouncer in"
                + " transaction mode is before the database, and the bus needs a direct connection");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What has arrived, as soon as there is something, or nothing after the timeout. */
    List<String> receive(Duration timeout) throws SQLException {
        // The driver takes 0 for "without end".
        int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeout.toNanos()));
        PGNotification[] notifications = listener.unwrap(PGConnection.class).getNotifications(millis);
        List<String> payloads = new ArrayList<>();
        if (notifications != null) {
            for (PGNotification notification : notifications) {
                payloads.add(notification.getParameter());
            }
        }
        return payloads;
    }

    /** Sends payloads in their order, in one transaction. */
    void send(List<String> payloads) throws SQLException {
        notify.setArray(2, notifier.createArrayOf("text", payloads.toArray()));
        notify.execute();
    }

    /** Ends both connections at once; a thread that uses them gets an exception. */
    @Override
    public void close() {
        abort(listener);
        abort(notifier);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException ignored) {
            // It is closed.
        }
    }
}
