package io.heliograph.eventlog;

import java.sql.Connection;
import java.time.Instant;

/** One consistent, read-only view of the database. Owned by the thread that runs the query; not to be kept. */
public interface Snapshot {

    /** The connection to read with. The query does not commit, roll back or close it, and changes none of its settings. */
    Connection connection();

    /** The database's time when this view was opened, in milliseconds' precision. */
    Instant now();

    /** The cursor of the last event that this view contains: a list read here joins the stream exactly after it. */
    Cursor asOf();
}
