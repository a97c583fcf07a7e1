package io.heliograph.server.storage;

import io.heliograph.eventlog.SqliteDataSources;
import io.heliograph.server.errors.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps SQLite's write-ahead log small, and ensures that it is only applied to the database file for which it was
 * written.
 *
 * <p>SQLite cannot tell whether a {@code -wal} that a crash left behind belongs to the database file beside it. When the
 * file was replaced by a backup, SQLite applies the log and the backup is gone, or damaged. So each life of the log has
 * an identity, kept in one row of the database as {@code id parent state}:
 *
 * <pre>
 * checkpoint:   state = checkpointing   (in the log, and by the checkpoint in the file)
 *               wal_checkpoint(TRUNCATE)
 *               id = random, parent = the former id, state = open   (first in the emptied log)
 * </pre>
 *
 * <p>Nothing but this class checkpoints while a server runs. So a file beside an open log holds the log's parent in state
 * checkpointing. A backup holds another id, or the state open, also when it was made during this life of the log. Beside
 * a log in state checkpointing the file holds the parent or the id, both in that state.
 *
 * <p>Safe from any thread. Checkpoints run on a thread of their own and hold the one connection that writes.
 */
public final class SqliteWal implements AutoCloseable {
    private static final String NAME = "wal";
    private static final String NONE = "none";
    private static final String OPEN = "open";
    private static final String CHECKPOINTING = "checkpointing";
    private static final long PERIOD_MILLIS = 250;
    /** A reader with an old snapshot blocks a checkpoint; writers must not wait for it. */
    private static final int BUSY_MILLIS = 50;

    private static final int WARN_FACTOR = 16;
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWal.class);

    private final Path file;
    private final SqliteDataSources sources;
    private final long maxBytes;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("wal-checkpoints").daemon(true).factory());
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Only the timer's thread accesses it. */
    private boolean warned;

    private SqliteWal(Path database, SqliteDataSources sources, long maxBytes) {
        this.file = log(database);
        this.sources = sources;
        this.maxBytes = maxBytes;
    }

    /** The log file of a database file. */
    static Path log(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    /**
     * Begins a new life of the log, and checkpoints it whenever it is longer than {@code maxBytes}.
     *
     * @param sources have a migrated schema and no automatic checkpoints
     */
    static SqliteWal begin(Path database, SqliteDataSources sources, long maxBytes) {
        SqliteWal wal = new SqliteWal(database, sources, maxBytes);
        try {
            wal.checkpoint();
        } catch (SQLException failure) {
            throw new StartException(
                    "the database " + database + " cannot be written: " + failure.getMessage(), failure);
        }
        var _ = wal.timer.scheduleWithFixedDelay(
                wal::checkpointIfLong, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return wal;
    }

    /** Of the log now. */
    public long bytes() {
        return size(file);
    }

    private void checkpointIfLong() {
        try {
            if (bytes() <= maxBytes) {
                warned = false;
            } else if (!checkpoint() && bytes() > maxBytes * WARN_FACTOR && !warned) {
                warned = true;
                LOG.warn(
                        "{} has {} bytes and cannot be checkpointed while another process reads an old snapshot of the"
                                + " database; end that process",
                        file,
                        bytes());
            }
        } catch (SQLException | RuntimeException failure) { // the next run finds the log as long as it is
            LOG.warn("A checkpoint of {} failed and will be tried again", file, failure);
        }
    }

    /** False when readers or other writers blocked it; the part that was not blocked was moved to the file. */
    private boolean checkpoint() throws SQLException {
        try (Connection connection = sources.writer().getConnection();
                Statement statement = connection.createStatement()) {
            Life before = mark(connection);
            statement.execute("pragma busy_timeout = " + BUSY_MILLIS);
            boolean complete;
            try (ResultSet result = statement.executeQuery("pragma wal_checkpoint(truncate)")) {
                complete = result.next() && result.getInt(1) == 0;
            } finally {
                statement.execute("pragma busy_timeout = " + SqliteDataSources.BUSY_TIMEOUT.toMillis());
            }
            if (complete) {
                store(connection, new Life(randomId(), before.id, OPEN));
            }
            return complete;
        }
    }

    private static Life mark(Connection connection) throws SQLException {
        Life life = Life.read(connection).orElseGet(() -> new Life(randomId(), NONE, OPEN));
        Life marked = new Life(life.id, life.parent, CHECKPOINTING);
        store(connection, marked);
        return marked;
    }

    private static void store(Connection connection, Life life) throws SQLException {
        try (var upsert = connection.prepareStatement("insert into installation (name, value) values (?, ?)"
                + " on conflict (name) do update set value = excluded.value")) {
            upsert.setString(1, NAME);
            upsert.setString(2, life.id + " " + life.parent + " " + life.state);
            upsert.executeUpdate();
        }
    }

    private static String randomId() {
        byte[] id = new byte[16];
        new SecureRandom().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Ends the checkpoints; the last connection to the database makes one more as it is closed. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        timer.shutdown();
        timer.close();
        try (Connection connection = sources.writer().getConnection()) {
            mark(connection);
        } catch (SQLException failure) {
            LOG.warn("The end of {} could not be marked", file, failure);
        }
    }

    /**
     * Checks that a remaining log belongs to the database file. Changes neither.
     *
     * @throws StartException when it does not, or neither can be read
     */
    static void check(Path database) {
        Path log = log(database);
        if (!Files.exists(database) || size(log) == 0) {
            return;
        }
        Optional<Life> file = fileAlone(database);
        if (!belongs(database, file)) {
            throw new StartException(database + " was replaced while " + log + " held changes of the former file, which"
                    + " would be applied to it now. After restoring a backup run ./heliograph rotate-epochs"
                    + " --discard-wal, which moves the changes away and makes clients reload. Better restore with"
                    + " ./heliograph restore FILE");
        }
    }

    private static Optional<Life> fileAlone(Path database) {
        try {
            return read(database, "immutable=1");
        } catch (SQLException failure) {
            throw new StartException(
                    "the database in " + database.getParent() + " cannot be opened: " + failure.getMessage()
                            + "; restore a backup with ./heliograph restore FILE",
                    failure);
        }
    }

    private static boolean belongs(Path database, Optional<Life> file) {
        try {
            Optional<Life> log = read(database, "mode=ro");
            return log.isEmpty() || log.get().follows(file);
        } catch (SQLException _) {
            return false; // the file can be read, but not with these changes
        }
    }

    private static Optional<Life> read(Path database, String how) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.toUri() + "?" + how)) {
            return Life.read(connection);
        }
    }

    private static long size(Path log) {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private record Life(String id, String parent, String state) {
        static Optional<Life> read(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                try (ResultSet table =
                        statement.executeQuery("select 1 from sqlite_master where name = 'installation'")) {
                    if (!table.next()) {
                        return Optional.empty();
                    }
                }
                try (ResultSet row =
                        statement.executeQuery("select value from installation where name = '" + NAME + "'")) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    String[] words = row.getString(1).split(" ", 3);
                    return Optional.of(new Life(words[0], words[1], words[2]));
                }
            }
        }

        /** Whether a log in this state belongs to a file that holds {@code file}. */
        boolean follows(Optional<Life> file) {
            if (file.isEmpty()) {
                return parent.equals(NONE);
            }
            Life held = file.get();
            return held.state.equals(CHECKPOINTING)
                    && (held.id.equals(parent) || (held.id.equals(id) && state.equals(CHECKPOINTING)));
        }
    }
}
