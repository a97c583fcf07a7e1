package io.heliograph.server.statistics;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.errors.Fields;
import io.heliograph.server.events.AgentId;
import java.time.Instant;
import java.util.Optional;

/**
 * What statistics are asked about. Immutable; equal questions have one answer for some seconds.
 *
 * @param from empty for the default of the bucket
 * @param to empty for now
 * @param agentId empty for all agents
 */
record Question(
        WorkspaceId workspace, Optional<Instant> from, Optional<Instant> to, Bucket bucket, Optional<AgentId> agentId) {

    /** From the first time, which is in it, to the second, which is not. */
    record Range(Instant from, Instant to) {}

    /** Checks the parameters {@code from}, {@code to} and {@code bucket} against one another. */
    Range range(Instant now) {
        Instant end = to.orElse(now);
        Instant start = from.orElseGet(() -> bucket.defaultStart(end));
        Fields.check(
                start.isBefore(end),
                "from",
                "must be before " + to.map(_ -> "to").orElse("now") + " by a millisecond or more");
        Fields.check(
                !start.plus(Bucket.DAY.maxRange()).isBefore(end),
                "from",
                "must be at most " + Bucket.DAY.maxRange().toDays() + " days before "
                        + to.map(_ -> "to").orElse("now"));
        Fields.check(
                !start.plus(bucket.maxRange()).isBefore(end),
                "bucket",
                "must be day when from and to are more than "
                        + bucket.maxRange().toDays() + " days apart");
        Fields.check(!start.isBefore(Instant.EPOCH), from.isPresent() ? "from" : "to", "must be in 1970 or later");
        return new Range(start, end);
    }
}
