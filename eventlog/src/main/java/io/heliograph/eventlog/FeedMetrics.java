package io.heliograph.eventlog;

import java.time.Duration;

/** Counts of the feeds. Called on their threads; must not block or throw. */
public interface FeedMetrics {
    FeedMetrics NONE = new FeedMetrics() {};

    /**
     * New events reached the end of a feed.
     *
     * @param lag from the append of the oldest of them until now, by this node's wall clock
     */
    default void delivered(int events, Duration lag) {}

    /** Events that no hint had brought were read from the log. */
    default void gapFilled(int events) {}

    /** A hint was dropped: its events had been delivered already, or were too many to keep. */
    default void hintDropped() {}

    /** A subscription begins to catch up, {@code depth} events behind the end. */
    default void catchUp(long depth) {}

    /** A page was read from the log, not from memory. */
    default void pageRead(int events) {}

    /** Subscriptions that catch up wait, because their workspace has used its bytes for this second. */
    default void replayWaits() {}

    /** A subscription was reset. */
    default void reset(ResetReason reason) {}

    /** A read of the log failed and will be tried again. */
    default void readFailed() {}
}
