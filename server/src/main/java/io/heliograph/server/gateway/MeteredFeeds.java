package io.heliograph.server.gateway;

import io.heliograph.eventlog.FeedMetrics;
import io.heliograph.eventlog.ResetReason;
import io.heliograph.gateway.EventsGateway;
import io.heliograph.gateway.Limit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Metrics of the feeds, under {@code heliograph.feeds.}. Immutable. */
final class MeteredFeeds implements FeedMetrics {
    private final MeterRegistry registry;
    private final GatewayMetrics gateway;
    private final Timer lag;
    private final Counter gapFilled;
    private final Counter hintsDropped;
    private final DistributionSummary catchUp;
    private final DistributionSummary pages;
    private final Counter replayWaits;
    private final Counter readsFailed;

    MeteredFeeds(MeterRegistry registry, GatewayMetrics gateway) {
        this.registry = registry;
        this.gateway = gateway;
        lag = Timer.builder("heliograph.feeds.lag")
                .description("From an event's append until the feed has delivered it")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
        gapFilled = registry.counter("heliograph.feeds.gaps.filled");
        hintsDropped = registry.counter("heliograph.feeds.hints.dropped");
        catchUp = DistributionSummary.builder("heliograph.feeds.catch.up")
                .description("Events that a reader is behind when it begins")
                .serviceLevelObjectives(1, 10, 100, 1_000, 10_000, 100_000)
                .register(registry);
        pages = registry.summary("heliograph.feeds.pages.read");
        replayWaits = registry.counter("heliograph.feeds.replay.waits");
        readsFailed = registry.counter("heliograph.feeds.reads.failed");
        for (ResetReason reason : ResetReason.values()) {
            resets(reason);
        }
    }

    void watch(EventsGateway watched) {
        registry.gauge("heliograph.feeds.active", watched, EventsGateway::activeFeeds);
        registry.gauge("heliograph.feeds.memory.bytes", watched, EventsGateway::feedBytes);
    }

    @Override
    public void delivered(int events, Duration behind) {
        lag.record(behind);
    }

    @Override
    public void gapFilled(int events) {
        gapFilled.increment(events);
    }

    @Override
    public void hintDropped() {
        hintsDropped.increment();
    }

    @Override
    public void catchUp(long depth) {
        catchUp.record((double) depth);
    }

    @Override
    public void pageRead(int events) {
        pages.record(events);
    }

    @Override
    public void replayWaits() {
        replayWaits.increment();
        gateway.limitMet(Limit.MAX_REPLAY_PER_SECOND);
    }

    @Override
    public void reset(ResetReason reason) {
        resets(reason).increment();
    }

    @Override
    public void readFailed() {
        readsFailed.increment();
    }

    private Counter resets(ResetReason reason) {
        return registry.counter("heliograph.feeds.resets", "reason", reason.code());
    }
}
