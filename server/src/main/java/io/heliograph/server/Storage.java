package io.heliograph.server;

import io.heliograph.eventlog.Bus;
import io.heliograph.eventlog.LogMetrics;
import io.heliograph.eventlog.SqlEventLog;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The log on its database and its bus. It owns both: closing it closes all three. */
final class Storage implements AutoCloseable {
    private final Database database;
    private final Bus bus;
    private final SqlEventLog log;

    Storage(Database database, Bus bus, LogMetrics metrics) {
        this.database = database;
        this.bus = bus;
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
