package io.heliograph.server.statistics;

import io.heliograph.server.approvals.DecisionHistory.End;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many approvals were created and how many ended in a time.
 *
 * @param rejected without those that were responded to
 * @param edited of the approved ones, those with other args
 */
record DecisionCounts(
        long created, long approved, long rejected, long responded, long expired, long cancelled, long edited) {

    /** Counts one by one. Owned by one thread. */
    static final class Tally {
        private final Map<End, Long> ends = new EnumMap<>(End.class);
        private long created;
        private long edited;

        void created() {
            created++;
        }

        void ended(End end, boolean withOtherArgs) {
            ends.merge(end, 1L, Long::sum);
            edited += withOtherArgs ? 1 : 0;
        }

        /** Adds what another has counted. */
        void add(Tally other) {
            other.ends.forEach((end, count) -> ends.merge(end, count, Long::sum));
            created += other.created;
            edited += other.edited;
        }

        DecisionCounts counts() {
            return new DecisionCounts(
                    created,
                    of(End.APPROVED),
                    of(End.REJECTED),
                    of(End.RESPONDED),
                    of(End.EXPIRED),
                    of(End.CANCELLED),
                    edited);
        }

        private long of(End end) {
            return ends.getOrDefault(end, 0L);
        }
    }
}
