package io.heliograph.server.usage;

import io.heliograph.eventlog.Snapshot;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.limits.RateLimit;
import io.heliograph.server.limits.RateLimiter;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The request rates of the caller on this node. Immutable. */
final class RateUsage implements UsageSource {
    private final RateLimiter limiter;

    RateUsage(RateLimiter limiter) {
        this.limiter = limiter;
    }

    @Override
    public List<LimitUse> uses(Snapshot snapshot, Caller caller) {
        return Stream.of(RateLimit.READS, RateLimit.WRITES, RateLimit.ASKS, RateLimit.PUBLISHES)
                .map(limit -> use(limit, limiter.state(limit, caller.workspace().value() + "/" + caller.id())))
                .toList();
    }

    private static LimitUse use(RateLimit limit, RateLimiter.State state) {
        return new LimitUse(
                limit.policy(),
                state.burst() - state.remaining(),
                state.burst(),
                "requests",
                LimitUse.Scope.CALLER,
                true,
                OptionalLong.of(state.perSecond()),
                limit.setting());
    }
}
