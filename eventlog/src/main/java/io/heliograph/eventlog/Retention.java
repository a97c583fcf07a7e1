package io.heliograph.eventlog;

import java.time.Duration;

/**
 * How much of each log is kept. What is older, or too much, is removed in steps of few events, each of which is
 * queued with the commands of its workspace. Immutable.
 *
 * @param maxAge events older than this are removed
 * @param maxEvents of each workspace, the newest so many are kept
 * @param step events that one transaction removes at most
 */
public record Retention(Duration maxAge, long maxEvents, int step) {
    public Retention {
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("maxAge must not be negative, was " + maxAge);
        }
        if (maxEvents < 0) {
            throw new IllegalArgumentException("maxEvents must not be negative, was " + maxEvents);
        }
        if (step < 1) {
            throw new IllegalArgumentException("step must be at least 1, was " + step);
        }
    }

    /** A week, a million events, 500 at a time. */
    public static Retention defaults() {
        return new Retention(Duration.ofDays(7), 1_000_000, 500);
    }
}
