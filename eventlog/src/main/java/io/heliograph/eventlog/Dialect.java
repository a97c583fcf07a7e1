package io.heliograph.eventlog;

import java.time.InstantSource;
import java.util.Optional;

/**
 * What differs between the two databases, apart from their drivers. Immutable.
 *
 * @param now the SQL expression for the time in epoch milliseconds
 * @param clock gives the value of the expression's parameter, where it has one
 * @param beginRead the first statement of a read transaction, where one is needed to get a snapshot
 * @param lockHead the statement that keeps other nodes' batches of a workspace waiting until this one's transaction ends,
 *     where the database lets more than one write; its parameter is the workspace
 */
record Dialect(String now, Optional<InstantSource> clock, Optional<String> beginRead, Optional<String> lockHead) {

    /**
     * What was committed must survive a crash of PostgreSQL, however it is configured; a stronger setting stays. It is
     * set for each transaction, because a pooler in transaction mode keeps no settings of a session.
     */
    private static final String DURABLE = "case current_setting('synchronous_commit') when 'off' then 'on'"
            + " else current_setting('synchronous_commit') end";

    /** SQLite has no clock of its own; a deferred transaction is a snapshot from its first read on. */
    static Dialect sqlite(InstantSource clock) {
        return new Dialect("?", Optional.of(clock), Optional.empty(), Optional.empty());
    }

    static Dialect postgresql() {
        return new Dialect(
                "cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)",
                Optional.empty(),
                Optional.of("set transaction isolation level repeatable read, read only"),
                Optional.of("select set_config('synchronous_commit', " + DURABLE
                        + ", true) from log_head where workspace = ? for update"));
    }
}
