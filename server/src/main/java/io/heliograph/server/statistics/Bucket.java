package io.heliograph.server.statistics;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The length of the parts into which a time is divided. A day has 24 hours. */
enum Bucket {
    HOUR(Duration.ofHours(1), 24, Duration.ofDays(7)),
    DAY(Duration.ofDays(1), 30, Duration.ofDays(31));

    private final Duration length;
    private final int defaultBuckets;
    private final Duration maxRange;

    Bucket(Duration length, int defaultBuckets, Duration maxRange) {
        this.length = length;
        this.defaultBuckets = defaultBuckets;
        this.maxRange = maxRange;
    }

    Duration length() {
        return length;
    }

    /** The longest time that is divided into these. */
    Duration maxRange() {
        return maxRange;
    }

    /** Where the default range that ends at {@code end} begins, so that the current hour or day is its last bucket. */
    Instant defaultStart(Instant end) {
        Instant current = end.truncatedTo(this == HOUR ? ChronoUnit.HOURS : ChronoUnit.DAYS);
        return current.minus(length.multipliedBy(defaultBuckets - 1L));
    }
}
