package io.heliograph.eventlog;

import java.time.Duration;
import java.time.Instant;

/** Time and timers of a node; tests supply their own. Safe from any thread. */
public interface Scheduler extends Ticker {

    /** The node's wall clock: for measuring lag, never for deciding. */
    Instant now();

    /** Runs a short task once after the delay; closing what is returned prevents it, unless it has begun. */
    Subscription schedule(Duration delay, Runnable task);
}
