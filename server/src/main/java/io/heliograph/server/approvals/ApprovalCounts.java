package io.heliograph.server.approvals;

import io.heliograph.server.limits.UsageCounter;
import java.util.function.ToLongFunction;

/** How many approvals of a workspace are pending, and how many of those have critical risk. Immutable. */
public record ApprovalCounts(int pending, int critical) {

    static ApprovalCounts of(ToLongFunction<UsageCounter> counters) {
        return new ApprovalCounts(
                Math.toIntExact(counters.applyAsLong(UsageCounter.PENDING_APPROVALS)),
                Math.toIntExact(counters.applyAsLong(UsageCounter.CRITICAL_APPROVALS)));
    }
}
