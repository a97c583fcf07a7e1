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
        return builder().build();
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings, beginning with the defaults. Used by one thread. */
    public static final class Builder {
        private int waiting = 8_192;
        private int waitingBytes = 32 << 20;
        private int unansweredBytes = 4 << 20;
        private Duration timeout = Duration.ofSeconds(3);
        private Duration longestRetry = Duration.ofSeconds(1);

        private Builder() {}

        public Builder waiting(int waiting) {
            this.waiting = waiting;
            return this;
        }

        public Builder waitingBytes(int waitingBytes) {
            this.waitingBytes = waitingBytes;
            return this;
        }

        public Builder unansweredBytes(int unansweredBytes) {
            this.unansweredBytes = unansweredBytes;
            return this;
        }

        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        public Builder longestRetry(Duration longestRetry) {
            this.longestRetry = longestRetry;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException when one of them is out of its range
         */
        public RedisBusSettings build() {
            return new RedisBusSettings(waiting, waitingBytes, unansweredBytes, timeout, longestRetry);
        }
    }
}
