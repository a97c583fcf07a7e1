package io.heliograph.eventlog;

import java.util.concurrent.Executor;

/** What the feeds of one node share. Immutable. */
record FeedContext<P>(
        EventLog log,
        LiveSink<P> sink,
        EventEncoder<P> encoder,
        FeedSettings settings,
        FeedMetrics metrics,
        Scheduler scheduler,
        Executor executor,
        Executor blocking,
        ReadLimiter limiter,
        MemoryBudget memory) {}
