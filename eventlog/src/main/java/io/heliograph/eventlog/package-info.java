/**
 * A durable log of events per workspace, its cursors, its feeds, and the bus that hints of new events.
 *
 * <p>The log is the truth, everything else is a hint. A {@link io.heliograph.eventlog.Command} commits its rows and its
 * events in one transaction; {@link io.heliograph.eventlog.Feeds} deliver the events to the subscribers of this
 * node, in order, and read the log for what was lost on the way.
 *
 * <p>The ways in: {@link io.heliograph.eventlog.SqlEventLog}, {@link io.heliograph.eventlog.Feeds},
 * {@link io.heliograph.eventlog.LocalBus} or, for several nodes, {@link io.heliograph.eventlog.PostgresBus} or
 * {@link io.heliograph.eventlog.RedisBus}. Wiring on SQLite:
 *
 * <pre>{@code
 * SqliteDataSources sources = SqliteDataSources.open(folder.resolve("heliograph.db"));
 * Flyway.configure()
 *         .dataSource(sources.writer())
 *         .locations("classpath:io/heliograph/eventlog/migration", "classpath:db/migration") // V1..V99, then V100..
 *         .load()
 *         .migrate();
 * Bus bus = new LocalBus();
 * SqlEventLog log = SqlEventLog.sqlite(sources).bus(bus).build();
 * Feeds<Frame> feeds = Feeds.on(log, bus).build(frames, sink);
 * }</pre>
 *
 * <p>On PostgreSQL a pooled data source takes the place of the first line and
 * {@code SqlEventLog.postgresql(dataSource)} that of the log; Flyway then needs {@code flyway-database-postgresql}. The
 * migrations are one text for both databases and use no placeholders. Close in the opposite order: feeds, log, bus,
 * data sources.
 */
@NullMarked
package io.heliograph.eventlog;

import org.jspecify.annotations.NullMarked;
