package io.heliograph.server.statistics;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.heliograph.server.approvals.DecisionHistory.Ended;
import io.heliograph.server.approvals.DecisionHistory.Past;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decisions of a time in figures. Immutable.
 *
 * @param from later than asked for when {@code truncated}
 * @param truncated whether there were too many approvals, so that the oldest are not counted
 * @param buckets the oldest first, without a gap; the first and the last one may be partial
 * @param medianSecondsToDecide of approved, rejected and responded ones: half of them took no longer; empty without any
 * @param p95SecondsToDecide 95 of 100 took no longer
 * @param expiredShare of those that were decided or expired, 0 to 1; empty without any
 * @param editedShare of the approved ones, 0 to 1; empty without any
 * @param byPeople how many a member decided
 * @param byRules how many were decided without a member
 * @param asOf the cursor of the log that the figures correspond to
 */
record DecisionStatistics(
        Instant from,
        Instant to,
        Bucket bucket,
        boolean truncated,
        List<Part> buckets,
        DecisionCounts totals,
        Optional<Double> medianSecondsToDecide,
        Optional<Double> p95SecondsToDecide,
        Optional<Double> expiredShare,
        Optional<Double> editedShare,
        long byPeople,
        long byRules,
        String asOf) {
    DecisionStatistics {
        buckets = List.copyOf(buckets);
    }

    /** One bucket, and when it begins. */
    record Part(Instant at, @JsonUnwrapped DecisionCounts counts) {}

    /** Counts what two histories of the range have in common. */
    static DecisionStatistics of(
            Question.Range range, Bucket bucket, Past<Long> created, Past<Ended> ended, String asOf) {
        long begin = range.from().toEpochMilli();
        long first = Math.max(created.fromMillis(), ended.fromMillis());
        long length = bucket.length().toMillis();
        DecisionCounts.Tally[] tallies = tallies(range, length);
        created.items().stream()
                .filter(at -> at >= first)
                .forEach(at -> tallies[(int) ((at - begin) / length)].created());
        List<Ended> counted =
                ended.items().stream().filter(one -> one.atMillis() >= first).toList();
        counted.forEach(one -> tallies[(int) ((one.atMillis() - begin) / length)].ended(one.end(), one.edited()));
        DecisionCounts.Tally total = new DecisionCounts.Tally();
        Stream.of(tallies).forEach(total::add);
        DecisionCounts totals = total.counts();
        long[] times = counted.stream()
                .filter(one -> one.end().isDecision())
                .mapToLong(Ended::pendingMillis)
                .sorted()
                .toArray();
        long byPeople = counted.stream()
                .filter(one -> one.end().isDecision() && one.byMember())
                .count();
        return new DecisionStatistics(
                first == begin ? range.from() : Instant.ofEpochMilli(first),
                range.to(),
                bucket,
                first > begin,
                parts(tallies, range.from(), bucket, (int) ((first - begin) / length)),
                totals,
                seconds(times, 0.5),
                seconds(times, 0.95),
                share(totals.expired(), times.length + totals.expired()),
                share(totals.edited(), totals.approved()),
                byPeople,
                times.length - byPeople,
                asOf);
    }

    private static DecisionCounts.Tally[] tallies(Question.Range range, long length) {
        long millis = range.to().toEpochMilli() - range.from().toEpochMilli();
        DecisionCounts.Tally[] tallies = new DecisionCounts.Tally[(int) (millis / length) + 1];
        Arrays.setAll(tallies, _ -> new DecisionCounts.Tally());
        return tallies;
    }

    private static List<Part> parts(DecisionCounts.Tally[] tallies, Instant from, Bucket bucket, int skipped) {
        List<Part> parts = new ArrayList<>();
        for (int index = skipped; index < tallies.length; index++) {
            parts.add(new Part(from.plus(bucket.length().multipliedBy(index)), tallies[index].counts()));
        }
        return parts;
    }

    /** By the nearest rank. */
    private static Optional<Double> seconds(long[] sortedMillis, double share) {
        return sortedMillis.length == 0
                ? Optional.empty()
                : Optional.of(sortedMillis[(int) Math.ceil(share * sortedMillis.length) - 1] / 1_000.0);
    }

    private static Optional<Double> share(long part, long whole) {
        return whole == 0 ? Optional.empty() : Optional.of((double) part / whole);
    }
}
