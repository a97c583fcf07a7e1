package io.heliograph.server.usage;

import io.heliograph.eventlog.Snapshot;
import io.heliograph.server.identity.Caller;
import io.heliograph.server.identity.ConcurrencyLimiter;
import java.util.List;

/** Tells how much of some limits the caller and its workspace use. Safe from any thread. */
@FunctionalInterface
public interface UsageSource {
    List<LimitUse> uses(Snapshot snapshot, Caller caller);

    /** The limits of operations that run at the same time. */
    static UsageSource of(String name, String unit, ConcurrencyLimiter limiter) {
        return (_, caller) -> List.of(
                LimitUse.onNode(name, unit, LimitUse.Scope.WORKSPACE, limiter.ofWorkspace(caller)),
                LimitUse.onNode(name, unit, LimitUse.Scope.CALLER, limiter.ofCaller(caller)));
    }
}
