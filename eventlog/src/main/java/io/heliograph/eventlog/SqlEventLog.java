package io.heliograph.eventlog;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The logs in SQLite or PostgreSQL. The tables come from the migrations in {@code io/heliograph/eventlog/migration},
 * which the owner of the database runs first.
 *
 * <p>Safe from any thread. Writes go through a fair queue: SQLite's single writer has a thread of its own, because its
 * driver blocks in native code; PostgreSQL's batches run on virtual threads, at most one per workspace. The data sources
 * stay the caller's to close, after this.
 */
public final class SqlEventLog implements EventLog, AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final LogTables tables;
    private final Snapshots snapshots;
    private final LogSettings settings;
    private final LogMetrics metrics;
    private final Ticker ticker;
    private final ExecutorService executor;
    private final Batches batches;
    private final WriteQueue queue;
    private final LogMaintenance maintenance;
    private final CallerTransactions callers;

    private SqlEventLog(Builder builder) {
        Dialect dialect = builder.sqlite ? Dialect.sqlite(builder.clock) : Dialect.postgresql();
        this.tables = LogTables.of(dialect, builder.tablePrefix);
        this.snapshots = new Snapshots(builder.readPool, dialect);
        this.settings = builder.settings;
        this.metrics = builder.metrics;
        this.ticker = builder.ticker;
        this.executor = builder.sqlite
                ? Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("eventlog-writer").daemon(true).factory())
                : Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("eventlog-writer-", 0).factory());
        HintPublisher hints = new HintPublisher(builder.bus, settings.hintBytes());
        this.batches =
                new Batches(builder.writePool, new BatchContext(tables, settings, metrics, ticker, hints::publish));
        this.queue = new WriteQueue(settings, builder.sqlite ? 1 : settings.parallelBatches(), executor, batches);
        this.callers = new CallerTransactions(tables, hints, builder.inTransaction);
        this.maintenance = new LogMaintenance(this, tables, snapshots, hints, metrics);
    }

    /** A log in a SQLite database whose {@code writers} begin their transactions with {@code BEGIN IMMEDIATE}. */
    public static Builder sqlite(DataSource writePool, DataSource readPool) {
        return new Builder(true, writePool, readPool);
    }

    public static Builder sqlite(SqliteDataSources sources) {
        return sqlite(sources.writer(), sources.readPool());
    }

    /** A log in PostgreSQL 14 or later. */
    public static Builder postgresql(DataSource dataSource) {
        return new Builder(false, dataSource, dataSource);
    }

    @Override
    public <T> T write(WorkspaceId workspace, Command<T> command) {
        if (batches.onBatchThread()) {
            throw new IllegalStateException("a command must not call the log's write: append to its own transaction");
        }
        callers.requireNone();
        Job<T> job = new Job<>(command, ticker.nanoTime());
        try {
            queue.add(workspace, job);
        } catch (Overloaded e) {
            metrics.overloaded();
            throw e;
        }
        return outcome(workspace, job);
    }

    /**
     * Appends events in the caller's own transaction, so that they are committed or rolled back with the caller's rows.
     * Call it as the last statement before the commit, once for each workspace and in the order of the workspaces' ids: from
     * here to the end of the transaction other appends of the workspace wait, on all nodes. Then report the end to what
     * is returned.
     *
     * <p>It runs on the calling thread, outside of the queue. PostgreSQL may see a deadlock when a transaction appends to one
     * workspace several times around savepoints: collect the drafts instead, and append what was not rolled back. There a
     * transaction that is repeatable read or serializable may also fail here, when another one appended since it began. On
     * SQLite the transaction should have begun with {@code BEGIN IMMEDIATE}; another fails when it has read before others
     * wrote.
     *
     * @param connection of the database of this log, not in auto-commit mode; it is neither committed nor closed here
     * @throws EventLogException when the database failed: nothing is appended, and the caller rolls back
     * @throws IllegalStateException in auto-commit mode, or in a {@link Command}, which has its own {@code append}
     */
    public AppendedEvents append(Connection connection, WorkspaceId workspace, List<Draft> drafts) {
        if (batches.onBatchThread()) {
            throw new IllegalStateException("a command must not call the log's append: append to its own transaction");
        }
        return callers.append(connection, workspace, drafts);
    }

    @Override
    public <T> T read(WorkspaceId workspace, Query<T> query) {
        return snapshots
                .inSnapshot(workspace, connection -> {
                    Optional<HeadTable.Row> head = tables.heads().head(connection, workspace);
                    return head.isEmpty()
                            ? Optional.<Answer<T>>empty()
                            : Optional.of(answer(connection, head.get(), query));
                })
                .or(() -> {
                    open(workspace);
                    return snapshots.inSnapshot(
                            workspace,
                            connection -> Optional.of(answer(
                                    connection,
                                    tables.heads().head(connection, workspace).orElseThrow(),
                                    query)));
                })
                .orElseThrow()
                .value();
    }

    @Override
    public List<Event> after(WorkspaceId workspace, long offset, int limit) {
        return snapshots.inSnapshot(
                workspace,
                connection -> tables.events().after(connection, workspace, offset, limit, settings.pageBytes()));
    }

    @Override
    public Map<Long, Long> successors(WorkspaceId workspace, long first, long last) {
        return snapshots.inSnapshot(
                workspace, connection -> tables.events().successors(connection, workspace, first, last));
    }

    @Override
    public Map<WorkspaceId, Head> heads(Collection<WorkspaceId> workspaces) {
        return snapshots.onConnection(
                "the heads of " + workspaces.size() + " workspaces",
                connection -> tables.heads().heads(connection, workspaces));
    }

    @Override
    public Head open(WorkspaceId workspace) {
        return snapshots
                .inSnapshot(workspace, connection -> tables.heads().head(connection, workspace))
                .map(HeadTable.Row::ends)
                .orElseGet(() -> {
                    // An empty command: its transaction creates the head row.
                    write(workspace, transaction -> true);
                    return snapshots
                            .inSnapshot(workspace, connection -> tables.heads().head(connection, workspace))
                            .orElseThrow(() -> new EventLogException("workspace " + workspace + " has no log"))
                            .ends();
                });
    }

    @Override
    public Optional<WorkspaceId> ownerOf(String epoch) {
        return snapshots.onConnection(
                "the owner of an epoch", connection -> tables.heads().owner(connection, epoch));
    }

    /**
     * Throws a workspace's log away and begins a new one: a new epoch, with offsets from 1. Subscriptions are reset;
     * the old events are removed by {@link #retain}.
     */
    public Head reset(WorkspaceId workspace) {
        return maintenance.reset(workspace);
    }

    /**
     * Keeps a workspace's events and offsets, and gives them a new epoch, so that every cursor that was handed out
     * before leads to a reset. To be done for a log that was restored from a backup.
     */
    public Head newEpoch(WorkspaceId workspace) {
        return maintenance.newEpoch(workspace);
    }

    /** Gives every log a new epoch: what is to be done after the whole database was restored from a backup. */
    public void newEpochs() {
        maintenance.forEachWorkspace(maintenance::newEpoch);
    }

    /**
     * Removes what the retention does not keep, from all logs, in steps between which other commands run.
     *
     * @return how many events were removed
     */
    public int retain(Retention retention) {
        return maintenance.retain(retention);
    }

    /** Removes what the retention does not keep from one log. */
    public int retain(WorkspaceId workspace, Retention retention) {
        return maintenance.retain(workspace, retention);
    }

    /** Runs an action for each workspace that has a log, on the calling thread. */
    public void forEachWorkspace(Consumer<WorkspaceId> action) {
        maintenance.forEachWorkspace(action);
    }

    /** Number of commands that wait now. */
    public int waiting() {
        return queue.waiting();
    }

    /** Finishes the running batches and fails the commands that still wait. */
    @Override
    public void close() {
        queue.close(CLOSING);
        executor.shutdown();
    }

    private <T> T outcome(WorkspaceId workspace, Job<T> job) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return job.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (queue.remove(workspace, job)) {
                        throw new EventLogException("interrupted before the command ran; nothing was written", e);
                    }
                    // It is running: it ends soon, and its outcome must not get lost.
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Holds a query's answer, which may be null where its type says so. */
    private record Answer<T>(T value) {}

    private <T> Answer<T> answer(Connection connection, HeadTable.Row head, Query<T> query) {
        return new Answer<>(query.run(new OpenSnapshot(connection, Instant.ofEpochMilli(head.now()), head.cursor())));
    }

    private record OpenSnapshot(Connection connection, Instant now, Cursor asOf) implements Snapshot {}

    /** Collects what a log is made of. Used by one thread. */
    public static final class Builder {
        private final boolean sqlite;
        private final DataSource writePool;
        private final DataSource readPool;
        private InstantSource clock = InstantSource.system();
        private Ticker ticker = Ticker.system();
        private Bus bus = new LocalBus();
        private LogSettings settings = LogSettings.defaults();
        private LogMetrics metrics = LogMetrics.NONE;
        private TablePrefix tablePrefix = TablePrefix.NONE;
        private BooleanSupplier inTransaction = () -> false;

        private Builder(boolean sqlite, DataSource writePool, DataSource readPool) {
            this.sqlite = sqlite;
            this.writePool = writePool;
            this.readPool = readPool;
        }

        /** The clock of a log in SQLite, which has none of its own. PostgreSQL's is the server's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The clock that measures durations: for the metrics, and for the age at which a batch ends. */
        public Builder ticker(Ticker ticker) {
            this.ticker = ticker;
            return this;
        }

        /** Where hints go. The default is a bus of this log's own, to which no feed listens. */
        public Builder bus(Bus bus) {
            this.bus = bus;
            return this;
        }

        public Builder settings(LogSettings settings) {
            this.settings = settings;
            return this;
        }

        public Builder metrics(LogMetrics metrics) {
            this.metrics = metrics;
            return this;
        }

        /**
         * What the names of the tables begin with, such as {@code heliograph_}; nothing by default. The migrations in this
         * module create tables without it.
         *
         * @throws IllegalArgumentException when it is not 1 to 32 characters of a-z 0-9 _ that begin with a letter
         */
        public Builder tablePrefix(String tablePrefix) {
            this.tablePrefix = new TablePrefix(tablePrefix);
            return this;
        }

        /**
         * Tells whether the calling thread is in a transaction of this database that the application manages, as
         * frameworks know: {@link EventLog#write} then fails at once. What {@link SqlEventLog#append} wrote is known
         * without it.
         */
        public Builder callerTransactions(BooleanSupplier inTransaction) {
            this.inTransaction = inTransaction;
            return this;
        }

        public SqlEventLog build() {
            return new SqlEventLog(this);
        }
    }
}
