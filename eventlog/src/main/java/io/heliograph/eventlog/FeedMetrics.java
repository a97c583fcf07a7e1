package io.heliograph.eventlog;

import java.time.Duration;

/** What the feeds tell of their work. Called on their threads; must not block or throw. */
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

    /** A hint was of no use: its events had been delivered already, or were too many to keep. */
    default void hintDropped() {}

    /** A reader begins to catch up from so many events behind. */
    default void catchUp(long depth) {}

    /** A reader's page was read from the log, not from memory. */
    default void pageRead(int events) {}

    /** Subscriptions that catch up wait, because their workspace has had its bytes for this second. */
    default void replayWaits() {}

    /** A reader was told to load its lists anew. */
    default void reset(ResetReason reason) {}

    /** A read of the log failed and will be tried again. */
    default void readFailed() {}
}
