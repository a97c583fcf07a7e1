package io.heliograph.eventlog;

import java.time.Duration;

/**
 * The bounds of a {@link SqlEventLog}. Immutable.
 *
 * @param waitingPerWorkspace commands of one workspace that may wait; one more is {@link Overloaded}
 * @param waitingInAll commands of all workspaces that may wait
 * @param batchCommands commands that share one transaction at most
 * @param batchTime a transaction takes no further command once it has run this long
 * @param parallelBatches transactions at the same time, each of another workspace; SQLite has one writer and ignores
 *     it. Keep it below the size of the connection pool, so that reads find a connection too.
 * @param attempts how often a batch is tried that fails because the database is busy or saw a conflict
 * @param hintBytes payload bytes that one hint on the bus carries; a larger event is only announced
 * @param pageBytes payload bytes after which {@link EventLog#after} ends its page
 */
public record LogSettings(
        int waitingPerWorkspace,
        int waitingInAll,
        int batchCommands,
        Duration batchTime,
        int parallelBatches,
        int attempts,
        int hintBytes,
        int pageBytes) {

    public LogSettings {
        atLeastOne("waitingPerWorkspace", waitingPerWorkspace);
        atLeastOne("waitingInAll", waitingInAll);
        atLeastOne("batchCommands", batchCommands);
        atLeastOne("parallelBatches", parallelBatches);
        atLeastOne("attempts", attempts);
        atLeastOne("hintBytes", hintBytes);
        atLeastOne("pageBytes", pageBytes);
    }

    public static LogSettings defaults() {
        return new LogSettings(1_024, 8_192, 128, Duration.ofMillis(20), 8, 5, 256 << 10, 4 << 20);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }
}
