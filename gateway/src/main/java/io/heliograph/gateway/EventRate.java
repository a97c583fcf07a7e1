package io.heliograph.gateway;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of one client against its rate: so many a second, and as many at once after a quiet second.
 *
 * <p>Owned by the socket's callbacks, which run one at a time.
 */
final class EventRate {
    private final int perSecond;
    private final TimeMeter time;
    private int refused;
    /** Made with the first event: most sockets send none. */
    private @Nullable Bucket bucket;

    EventRate(int perSecond, TimeMeter time) {
        this.perSecond = perSecond;
        this.time = time;
    }

    /**
     * Counts an event.
     *
     * @return how long it is too early; zero when it is not
     */
    Duration count() {
        ConsumptionProbe probe = bucket().tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            refused = 0;
            return Duration.ZERO;
        }
        refused++;
        return Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    int perSecond() {
        return perSecond;
    }

    /** Events in a row that came too early. */
    int refused() {
        return refused;
    }

    private Bucket bucket() {
        Bucket present = bucket;
        if (present == null) {
            present = Bucket.builder()
                    .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                    .withCustomTimePrecision(time)
                    .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                    .build();
            bucket = present;
        }
        return present;
    }
}
