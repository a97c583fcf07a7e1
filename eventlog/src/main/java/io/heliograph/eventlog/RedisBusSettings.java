package io.heliograph.eventlog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of a {@link RedisBus}. Immutable.
 *
 * @param unansweredBytes bytes of hints and signals that are sent before Redis has answered for them, with 512 more for each
 *     of them; a message beyond that is dropped
 * @param timeout the connection is closed and made again when Redis sends nothing for this long
 * @param longestRetry pause between attempts to reach it, once several have failed
 * @param certificates file of the PEM certificates that a server's certificate over TLS is verified with; empty: those that
 *     Java trusts
 */
public record RedisBusSettings(
        int unansweredBytes, Duration timeout, Duration longestRetry, Optional<Path> certificates) {

    public RedisBusSettings {
        if (unansweredBytes < 1) {
            throw new IllegalArgumentException("unansweredBytes must be at least 1, was " + unansweredBytes);
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
        private int unansweredBytes = 32 << 20;
        private Duration timeout = Duration.ofSeconds(3);
        private Duration longestRetry = Duration.ofSeconds(1);
        private Optional<Path> certificates = Optional.empty();

        private Builder() {}

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

        public Builder certificates(Path certificates) {
            this.certificates = Optional.of(certificates);
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException when one of them is out of its range
         */
        public RedisBusSettings build() {
            return new RedisBusSettings(unansweredBytes, timeout, longestRetry, certificates);
        }
    }
}
