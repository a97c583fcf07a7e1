package io.heliograph.eventlog;

import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One consistent, read-only view of the database. Owned by the thread that runs the query; not to be kept. */
public interface Snapshot {

    JdbcClient jdbc();

    Instant now();

    /** The cursor of the last event that this view contains: a list read here joins the stream exactly after it. */
    Cursor asOf();
}
