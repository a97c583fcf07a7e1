package io.heliograph.server;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.LocalBus;
import io.heliograph.eventlog.LogMetrics;
import io.heliograph.eventlog.SqlEventLog;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The log on its database. It owns the database: closing it closes both. */
final class Storage implements AutoCloseable {
    private final Database database;
    private final Bus bus = new LocalBus();
    private final SqlEventLog log;

    Storage(Database database, LogMetrics metrics) {
        this.database = database;
        log = database.log().bus(bus).metrics(metrics).build();
    }

    DataFolder folder() {
        return database.folder();
    }

    SqlEventLog log() {
        return log;
    }

    Bus bus() {
        return bus;
    }

    /** For reading outside of the log's snapshots; writes go through the log. */
    JdbcClient jdbc() {
        return JdbcClient.create(database.readers());
    }

    @Override
    public void close() {
        log.close();
        bus.close();
        database.close();
    }
}
