package io.heliograph.server.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Clients that connect at the same time, one behind the other: after a network comes back, verifying credentials and
 * looking up cursors is spread over some seconds. Who would wait for too long is turned away.
 *
 * <p>Safe from any thread; nobody is kept here but as a number.
 */
final class ConnectLine {
    /** What comes at once is waited for by all who are connected already. */
    private static final Duration BURST = Duration.ofMillis(20);

    private final Pace pace;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final AtomicLong counted;

    ConnectLine(int perSecond, Duration patience, LongSupplier nanoTime) {
        this.pace = Pace.perSecond(perSecond).withBurst(BURST);
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.counted = new AtomicLong(pace.start(nanoTime.getAsLong()));
    }

    /** How a client that comes now fares. */
    sealed interface Place {
        /** There is one; {@code delay} until its turn, zero when that is now. */
        record Taken(Duration delay) implements Place {}

        /** There is none; {@code retryAfter} until there is one again, if nobody else comes. */
        record Full(Duration retryAfter) implements Place {}
    }

    /** Takes a place in the line, unless it is full. */
    Place enter() {
        while (true) {
            long now = nanoTime.getAsLong();
            long before = counted.get();
            long after = pace.next(before, now);
            Place place = place(after - now);
            if (place instanceof Place.Full || counted.compareAndSet(before, after)) {
                return place;
            }
        }
    }

    private Place place(long waitNanos) {
        long excess = waitNanos - patience.toNanos();
        return waitNanos <= 0
                ? new Place.Taken(Duration.ZERO)
                : excess > 0 ? new Place.Full(Duration.ofNanos(excess)) : new Place.Taken(Duration.ofNanos(waitNanos));
    }
}
