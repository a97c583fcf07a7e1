package io.heliograph.server.statistics;

import io.heliograph.server.approvals.DecisionHistory.End;
import java.util.Arrays;

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
        private final long[] ends = new long[End.values().length];
        private long created;
        private long edited;

        void created() {
            created++;
        }

        void ended(End end, boolean withOtherArgs) {
            ends[end.ordinal()]++;
            edited += withOtherArgs ? 1 : 0;
        }

        /** Adds what another has counted. */
        void add(Tally other) {
            Arrays.setAll(ends, end -> ends[end] + other.ends[end]);
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
            return ends[end.ordinal()];
        }
    }
}
