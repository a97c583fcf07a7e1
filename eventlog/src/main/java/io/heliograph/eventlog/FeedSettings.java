package io.heliograph.eventlog;

import java.time.Duration;

/**
 * The bounds of a node's {@link Feeds}. Immutable; each {@code with…} returns a changed copy.
 *
 * @param headCheck how often the heads of all active workspaces are compared: how late events are when the bus is dead
 * @param idleAfter a feed without subscriptions is dropped after this long
 * @param pageEvents events in one page of a subscription that catches up
 * @param pageBytes payload bytes after which a page ends
 * @param batchEvents events in one call of the live sink
 * @param pendingBytes payload bytes of hints that are kept while a gap before them is read
 * @param preload newest events that are read into memory when a feed begins
 * @param memoryPerWorkspace bytes of the newest events kept in memory
 * @param memoryPerNode bytes kept in all workspaces; above it no workspace keeps more than its equal share
 * @param readsPerWorkspace reads of one workspace's log at the same time
 * @param readsPerNode reads of all logs at the same time
 * @param replayBytesPerSecond payload bytes of catching up that one workspace's subscriptions share in a second; a
 *     fiftieth of it may go at once
 * @param retry pause after a read of the log failed
 */
public record FeedSettings(
        Duration headCheck,
        Duration idleAfter,
        int pageEvents,
        int pageBytes,
        int batchEvents,
        int pendingBytes,
        int preload,
        long memoryPerWorkspace,
        long memoryPerNode,
        int readsPerWorkspace,
        int readsPerNode,
        long replayBytesPerSecond,
        Duration retry) {

    public FeedSettings {
        positive("headCheck", headCheck.toNanos());
        positive("idleAfter", idleAfter.toNanos());
        positive("pageEvents", pageEvents);
        positive("pageBytes", pageBytes);
        positive("batchEvents", batchEvents);
        positive("readsPerWorkspace", readsPerWorkspace);
        positive("readsPerNode", readsPerNode);
        positive("replayBytesPerSecond", replayBytesPerSecond);
        positive("retry", retry.toNanos());
        notNegative("pendingBytes", pendingBytes);
        notNegative("preload", preload);
        notNegative("memoryPerWorkspace", memoryPerWorkspace);
        notNegative("memoryPerNode", memoryPerNode);
    }

    public static FeedSettings defaults() {
        return builder().build();
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
    }

    private static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
    }

    /** Collects settings, beginning with the defaults. Used by one thread. */
    public static final class Builder {
        private Duration headCheck = Duration.ofSeconds(2);
        private Duration idleAfter = Duration.ofSeconds(60);
        private int pageEvents = 256;
        private int pageBytes = 256 << 10;
        private int batchEvents = 256;
        private int pendingBytes = 1 << 20;
        private int preload = 256;
        private long memoryPerWorkspace = 8L << 20;
        private long memoryPerNode = 128L << 20;
        private int readsPerWorkspace = 4;
        private int readsPerNode = 8;
        private long replayBytesPerSecond = 64L << 20;
        private Duration retry = Duration.ofMillis(250);

        private Builder() {}

        public Builder headCheck(Duration headCheck) {
            this.headCheck = headCheck;
            return this;
        }

        public Builder idleAfter(Duration idleAfter) {
            this.idleAfter = idleAfter;
            return this;
        }

        public Builder pageEvents(int pageEvents) {
            this.pageEvents = pageEvents;
            return this;
        }

        public Builder pageBytes(int pageBytes) {
            this.pageBytes = pageBytes;
            return this;
        }

        public Builder batchEvents(int batchEvents) {
            this.batchEvents = batchEvents;
            return this;
        }

        public Builder pendingBytes(int pendingBytes) {
            this.pendingBytes = pendingBytes;
            return this;
        }

        public Builder preload(int preload) {
            this.preload = preload;
            return this;
        }

        public Builder memoryPerWorkspace(long memoryPerWorkspace) {
            this.memoryPerWorkspace = memoryPerWorkspace;
            return this;
        }

        public Builder memoryPerNode(long memoryPerNode) {
            this.memoryPerNode = memoryPerNode;
            return this;
        }

        public Builder readsPerWorkspace(int readsPerWorkspace) {
            this.readsPerWorkspace = readsPerWorkspace;
            return this;
        }

        public Builder readsPerNode(int readsPerNode) {
            this.readsPerNode = readsPerNode;
            return this;
        }

        public Builder replayBytesPerSecond(long replayBytesPerSecond) {
            this.replayBytesPerSecond = replayBytesPerSecond;
            return this;
        }

        public Builder retry(Duration retry) {
            this.retry = retry;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException when one of them is out of its range
         */
        public FeedSettings build() {
            return new FeedSettings(
                    headCheck,
                    idleAfter,
                    pageEvents,
                    pageBytes,
                    batchEvents,
                    pendingBytes,
                    preload,
                    memoryPerWorkspace,
                    memoryPerNode,
                    readsPerWorkspace,
                    readsPerNode,
                    replayBytesPerSecond,
                    retry);
        }
    }
}
