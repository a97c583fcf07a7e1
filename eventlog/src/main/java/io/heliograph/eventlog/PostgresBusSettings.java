package io.heliograph.eventlog;

import java.time.Duration;

/**
 * The bounds of a {@link PostgresBus}. Immutable.
 *
 * @param queuedBytes bytes of hints and signals that wait to be sent, with 512 more for each of them; a message beyond that is
 *     dropped
 * @param timeout the connections are closed and made again when a statement takes longer, or nothing arrives for this long
 *     although the bus notifies itself more often
 * @param longestRetry pause between attempts to connect, once several have failed
 */
public record PostgresBusSettings(int queuedBytes, Duration timeout, Duration longestRetry) {

    public PostgresBusSettings {
        if (queuedBytes < 1) {
            throw new IllegalArgumentException("queuedBytes must be at least 1, was " + queuedBytes);
        }
        if (!timeout.isPositive() || !longestRetry.isPositive()) {
            throw new IllegalArgumentException("each time must be positive");
        }
    }

    /** 32 MiB, five seconds and one second. */
    public static PostgresBusSettings defaults() {
        return new PostgresBusSettings(32 << 20, Duration.ofSeconds(5), Duration.ofSeconds(1));
    }
}
