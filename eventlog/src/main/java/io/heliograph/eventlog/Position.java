package io.heliograph.eventlog;

import java.time.Instant;

/**
 * The place an event has got in its workspace's log, known only inside the transaction that appends it.
 *
 * @param epoch identity of one epoch of the log; offsets of different epochs are never compared
 * @param offset starts at 1 and has no gaps in an epoch
 * @param at the database's time of the append, in milliseconds' precision
 */
public record Position(String epoch, long offset, Instant at) {}
