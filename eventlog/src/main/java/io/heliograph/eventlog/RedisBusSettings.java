package io.heliograph.eventlog;

import java.time.Duration;

/**
 * The bounds of a {@link RedisBus}. Immutable.
 *
 * @param waiting hints and signals that may wait to be sent; one more is dropped
 * @param waitingBytes bytes that may wait to be sent
 * @param unansweredBytes bytes that are sent before Redis has answered for them
 * @param timeout Redis is given up when it does not answer for this long
 * @param longestRetry pause between attempts to reach it, once several have failed
 */
public record RedisBusSettings(
        int waiting, int waitingBytes, int unansweredBytes, Duration timeout, Duration longestRetry) {

    public RedisBusSettings {
        if (waiting < 1 || waitingBytes < 1 || unansweredBytes < 1) {
            throw new IllegalArgumentException("each bound must be at least 1");
        }
        if (!timeout.isPositive() || !longestRetry.isPositive()) {
            throw new IllegalArgumentException("each time must be positive");
        }
    }

    public static RedisBusSettings defaults() {
        return new RedisBusSettings(8_192, 32 << 20, 4 << 20, Duration.ofSeconds(3), Duration.ofSeconds(1));
    }
}
