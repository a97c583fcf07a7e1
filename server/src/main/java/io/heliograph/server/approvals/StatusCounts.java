package io.heliograph.server.approvals;

import io.heliograph.server.limits.UsageCounter;
import java.util.function.ToLongFunction;

/** How many approvals a workspace has of each status. Immutable. */
record StatusCounts(long pending, long approved, long rejected, long expired, long cancelled) {

    static StatusCounts of(ToLongFunction<UsageCounter> counters) {
        return new StatusCounts(
                counters.applyAsLong(UsageCounter.PENDING_APPROVALS),
                counters.applyAsLong(UsageCounter.APPROVED_APPROVALS),
                counters.applyAsLong(UsageCounter.REJECTED_APPROVALS),
                counters.applyAsLong(UsageCounter.EXPIRED_APPROVALS),
                counters.applyAsLong(UsageCounter.CANCELLED_APPROVALS));
    }
}
