package io.heliograph.eventlog;

import java.util.concurrent.Executor;

/** What the feeds of one node share. Immutable. */
record FeedContext<P>(
        EventLog log,
        Outlet<P> outlet,
        Preparer<P> preparer,
        FeedSettings settings,
        FeedMetrics metrics,
        Scheduler scheduler,
        Executor executor,
        Executor blocking,
        ReadGate gate,
        Memory memory) {}
