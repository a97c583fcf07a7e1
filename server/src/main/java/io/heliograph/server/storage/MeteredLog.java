package io.heliograph.server.storage;

import io.heliograph.eventlog.LogMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Metrics of the log. Immutable. */
public final class MeteredLog implements LogMetrics {
    private final Timer commits;
    private final DistributionSummary commandsPerCommit;
    private final Counter events;
    private final Timer waits;
    private final Counter overloaded;
    private final Counter repeated;
    private final Counter failed;
    private final Counter removed;

    public MeteredLog(MeterRegistry registry) {
        commits = registry.timer("heliograph.log.commits");
        commandsPerCommit = registry.summary("heliograph.log.commands.per.commit");
        events = registry.counter("heliograph.log.events");
        waits = registry.timer("heliograph.log.waits");
        overloaded = registry.counter("heliograph.log.overloaded");
        repeated = registry.counter("heliograph.log.repeated");
        failed = registry.counter("heliograph.log.failed");
        removed = registry.counter("heliograph.log.removed");
    }

    @Override
    public void committed(int commands, int newEvents, long nanos) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
        commandsPerCommit.record(commands);
        events.increment(newEvents);
    }

    @Override
    public void waited(long nanos) {
        waits.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void overloaded() {
        overloaded.increment();
    }

    @Override
    public void repeated() {
        repeated.increment();
    }

    @Override
    public void failed() {
        failed.increment();
    }

    @Override
    public void removed(int oldEvents) {
        removed.increment(oldEvents);
    }
}
