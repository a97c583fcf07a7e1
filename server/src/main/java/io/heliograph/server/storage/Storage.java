package io.heliograph.server.storage;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.LogMetrics;
import io.heliograph.eventlog.SqlEventLog;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The log on its database and its bus. It owns both and closes them. */
public final class Storage implements AutoCloseable {
    private final Database database;
    private final Bus bus;
    private final SqlEventLog log;

    public Storage(Database database, Bus bus, LogMetrics metrics) {
        this.database = database;
        this.bus = bus;
        log = database.log().bus(bus).metrics(metrics).build();
    }

    public DataDirectory folder() {
        return database.folder();
    }

    public SqlEventLog log() {
        return log;
    }

    public Bus bus() {
        return bus;
    }

    /** Reads outside of the log's snapshots; writes go through the log. */
    public JdbcClient jdbc() {
        return JdbcClient.create(database.readers());
    }

    public Installation installation() {
        return new Installation(database.writer());
    }

    /** Transactions beside the log's. */
    public DerivedTables derivedTables() {
        return new DerivedTables(database.writer(), database.shared());
    }

    /** Whether several nodes may run on the database. */
    public boolean isShared() {
        return database.shared();
    }

    /** SQLite's write-ahead log, while a server runs on it. */
    public Optional<SqliteWal> wal() {
        return database.wal();
    }

    /** Whether the database takes writes now. */
    public boolean isWritable() {
        return jdbc().sql(database.writable()).query(Boolean.class).single();
    }

    @Override
    public void close() {
        log.close();
        bus.close();
        database.close();
    }
}
