package io.heliograph.eventlog;

import java.util.List;
import java.util.function.Consumer;

/**
 * What all batches of a log have in common. Safe from any thread.
 *
 * @param committed called with the events of each transaction that was committed
 */
record BatchContext(
        LogTables tables, LogSettings settings, LogMetrics metrics, Ticker ticker, Consumer<List<Event>> committed) {}
