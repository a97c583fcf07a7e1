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
        return builder().build();
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }

    /** Collects settings, beginning with the defaults. Used by one thread. */
    public static final class Builder {
        private int waitingPerWorkspace = 1_024;
        private int waitingInAll = 8_192;
        private int batchCommands = 128;
        private Duration batchTime = Duration.ofMillis(20);
        private int parallelBatches = 8;
        private int attempts = 5;
        private int hintBytes = 256 << 10;
        private int pageBytes = 4 << 20;

        private Builder() {}

        public Builder waitingPerWorkspace(int waitingPerWorkspace) {
            this.waitingPerWorkspace = waitingPerWorkspace;
            return this;
        }

        public Builder waitingInAll(int waitingInAll) {
            this.waitingInAll = waitingInAll;
            return this;
        }

        public Builder batchCommands(int batchCommands) {
            this.batchCommands = batchCommands;
            return this;
        }

        public Builder batchTime(Duration batchTime) {
            this.batchTime = batchTime;
            return this;
        }

        public Builder parallelBatches(int parallelBatches) {
            this.parallelBatches = parallelBatches;
            return this;
        }

        public Builder attempts(int attempts) {
            this.attempts = attempts;
            return this;
        }

        public Builder hintBytes(int hintBytes) {
            this.hintBytes = hintBytes;
            return this;
        }

        public Builder pageBytes(int pageBytes) {
            this.pageBytes = pageBytes;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException when one of them is out of its range
         */
        public LogSettings build() {
            return new LogSettings(
                    waitingPerWorkspace,
                    waitingInAll,
                    batchCommands,
                    batchTime,
                    parallelBatches,
                    attempts,
                    hintBytes,
                    pageBytes);
        }
    }
}
