package io.heliograph.eventlog;

import java.time.Duration;

/**
 * The bounds of a node's {@link Feeds}. Immutable; each {@code with…} returns a changed copy.
 *
 * @param headCheck how often the heads of all active workspaces are compared: how stale a reader is when the bus is dead
 * @param idleAfter a feed without readers is dropped after this long
 * @param pageEvents events in one page of a reader that catches up
 * @param pageBytes payload bytes after which a page ends
 * @param batchEvents events in one call of the outlet
 * @param pendingBytes payload bytes of hints that are kept while a gap before them is read
 * @param preload newest events that are read into memory when a feed begins
 * @param memoryPerWorkspace bytes of the newest events kept in memory
 * @param memoryPerNode bytes kept in all workspaces; above it no workspace keeps more than its equal share
 * @param readsPerWorkspace readers of one workspace that read the log at the same time
 * @param readsPerNode readers of all workspaces that read the log at the same time
 * @param replayBytesPerSecond payload bytes that one workspace's readers catch up with in a second, all together; a
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
        return new FeedSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                256,
                256 << 10,
                256,
                1 << 20,
                256,
                8L << 20,
                128L << 20,
                4,
                8,
                64L << 20,
                Duration.ofMillis(250));
    }

    public FeedSettings withPages(int events, int bytes) {
        return new FeedSettings(
                headCheck,
                idleAfter,
                events,
                bytes,
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

    public FeedSettings withMemory(int newPreload, long perWorkspace, long perNode) {
        return new FeedSettings(
                headCheck,
                idleAfter,
                pageEvents,
                pageBytes,
                batchEvents,
                pendingBytes,
                newPreload,
                perWorkspace,
                perNode,
                readsPerWorkspace,
                readsPerNode,
                replayBytesPerSecond,
                retry);
    }

    public FeedSettings withCatchUp(int newReadsPerWorkspace, int newReadsPerNode, long bytesPerSecond) {
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
                newReadsPerWorkspace,
                newReadsPerNode,
                bytesPerSecond,
                retry);
    }

    public FeedSettings withTimes(Duration newHeadCheck, Duration newIdleAfter) {
        return new FeedSettings(
                newHeadCheck,
                newIdleAfter,
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

    public FeedSettings withPendingBytes(int bytes) {
        return new FeedSettings(
                headCheck,
                idleAfter,
                pageEvents,
                pageBytes,
                batchEvents,
                bytes,
                preload,
                memoryPerWorkspace,
                memoryPerNode,
                readsPerWorkspace,
                readsPerNode,
                replayBytesPerSecond,
                retry);
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
}
