package io.heliograph.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.approvals.DecisionHistory.End;
import io.heliograph.server.approvals.DecisionHistory.Ended;
import io.heliograph.server.approvals.DecisionHistory.Past;
import io.heliograph.server.errors.InvalidFieldException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DecisionStatisticsTest {
    private static final Instant FROM = Instant.parse("2026-11-30T08:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-30T10:30:00Z");

    @Test
    void eachApprovalIsInTheBucketOfItsTime() {
        DecisionStatistics answer = of(
                created(minute(0), minute(59), minute(60), minute(149)),
                endedAs(
                        ended(59, 10, End.APPROVED),
                        ended(60, 20, End.REJECTED),
                        ended(61, 30, End.RESPONDED),
                        ended(120, 40, End.EXPIRED),
                        ended(121, 50, End.CANCELLED)));

        assertThat(answer.buckets())
                .containsExactly(
                        part(0, new DecisionCounts(2, 1, 0, 0, 0, 0, 0)),
                        part(60, new DecisionCounts(1, 0, 1, 1, 0, 0, 0)),
                        part(120, new DecisionCounts(1, 0, 0, 0, 1, 1, 0)));
        assertThat(answer.totals()).isEqualTo(new DecisionCounts(4, 1, 1, 1, 1, 1, 0));
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.from()).isEqualTo(FROM);
    }

    @Test
    void timesAndSharesAreOfWhatWasDecided() {
        DecisionStatistics answer = of(
                created(),
                new Past<>(
                        List.of(
                                new Ended(minute(1), 2_000, End.APPROVED, true, true),
                                new Ended(minute(1), 1_500, End.APPROVED, false, true),
                                new Ended(minute(1), 9_000, End.REJECTED, false, false),
                                new Ended(minute(1), 99_000, End.EXPIRED, false, false),
                                new Ended(minute(1), 1, End.CANCELLED, false, false)),
                        FROM.toEpochMilli()));

        assertThat(answer.medianSecondsToDecide()).hasValue(2.0);
        assertThat(answer.p95SecondsToDecide()).hasValue(9.0);
        assertThat(answer.expiredShare()).hasValue(0.25);
        assertThat(answer.editedShare()).hasValue(0.5);
        assertThat(answer.byPeople()).isEqualTo(2);
        assertThat(answer.byRules()).isEqualTo(1);
    }

    @Test
    void ninetyFiveOfAHundredTookNoLonger() {
        DecisionStatistics answer = of(
                created(),
                new Past<>(
                        LongStream.rangeClosed(1, 100)
                                .mapToObj(seconds -> new Ended(minute(1), seconds * 1_000, End.APPROVED, false, true))
                                .toList(),
                        FROM.toEpochMilli()));

        assertThat(answer.medianSecondsToDecide()).hasValue(50.0);
        assertThat(answer.p95SecondsToDecide()).hasValue(95.0);
    }

    @Test
    void nothingHasNoSharesAndAllBuckets() {
        DecisionStatistics answer = of(created(), endedAs());

        assertThat(answer.buckets()).hasSize(3);
        assertThat(answer.medianSecondsToDecide()).isEmpty();
        assertThat(answer.expiredShare()).isEmpty();
        assertThat(answer.editedShare()).isEmpty();
    }

    @Test
    void whatIsNotCoveredByBothHistoriesIsNotCounted() {
        DecisionStatistics answer = of(
                new Past<>(List.of(minute(70), minute(100)), minute(65)),
                new Past<>(List.of(ended(61, 1, End.APPROVED), ended(91, 1, End.APPROVED)), minute(90)));

        assertThat(answer.truncated()).isTrue();
        assertThat(answer.from()).isEqualTo(FROM.plus(Duration.ofMinutes(90)));
        assertThat(answer.buckets())
                .containsExactly(
                        part(60, new DecisionCounts(1, 1, 0, 0, 0, 0, 0)),
                        part(120, new DecisionCounts(0, 0, 0, 0, 0, 0, 0)));
        assertThat(answer.totals().created()).isEqualTo(1);
    }

    @Test
    void theDefaultIsADayByHourOrThirtyDaysByDayUpToNow() {
        Question.Range hours =
                question(Optional.empty(), Optional.empty(), Bucket.HOUR).range(NOW);
        Question.Range days =
                question(Optional.empty(), Optional.empty(), Bucket.DAY).range(NOW);

        assertThat(hours).isEqualTo(new Question.Range(Instant.parse("2026-11-29T11:00:00Z"), NOW));
        assertThat(days).isEqualTo(new Question.Range(Instant.parse("2026-11-01T00:00:00Z"), NOW));
    }

    @Test
    void rangesHaveALimitByBucket() {
        Instant week = NOW.minus(Duration.ofDays(7));
        Instant month = NOW.minus(Duration.ofDays(31));

        assertThat(question(Optional.of(week), Optional.empty(), Bucket.HOUR)
                        .range(NOW)
                        .from())
                .isEqualTo(week);
        assertThat(question(Optional.of(month), Optional.empty(), Bucket.DAY)
                        .range(NOW)
                        .from())
                .isEqualTo(month);
        assertRefused("bucket", question(Optional.of(week.minusMillis(1)), Optional.empty(), Bucket.HOUR));
        assertRefused("from", question(Optional.of(month.minusMillis(1)), Optional.empty(), Bucket.DAY));
        assertRefused("from", question(Optional.of(NOW), Optional.empty(), Bucket.HOUR));
        assertRefused("from", question(Optional.of(FROM), Optional.of(FROM), Bucket.HOUR));
        assertRefused("from", question(Optional.of(NOW), Optional.of(FROM), Bucket.DAY));
    }

    private static void assertRefused(String field, Question question) {
        assertThatThrownBy(() -> question.range(NOW))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        refused -> assertThat(refused.field()).isEqualTo(field));
    }

    private static DecisionStatistics of(Past<Long> created, Past<Ended> ended) {
        return DecisionStatistics.of(new Question.Range(FROM, NOW), Bucket.HOUR, created, ended, "c");
    }

    private static Question question(Optional<Instant> from, Optional<Instant> to, Bucket bucket) {
        return new Question(new WorkspaceId("ws_1"), from, to, bucket, Optional.empty());
    }

    private static DecisionStatistics.Part part(long minute, DecisionCounts counts) {
        return new DecisionStatistics.Part(FROM.plus(Duration.ofMinutes(minute)), counts);
    }

    private static Ended ended(long minute, long seconds, End end) {
        return new Ended(minute(minute), seconds * 1_000, end, false, true);
    }

    private static long minute(long minute) {
        return FROM.plus(Duration.ofMinutes(minute)).toEpochMilli();
    }

    private static Past<Long> created(long... millis) {
        return new Past<>(LongStream.of(millis).boxed().toList(), FROM.toEpochMilli());
    }

    private static Past<Ended> endedAs(Ended... ended) {
        return new Past<>(List.of(ended), FROM.toEpochMilli());
    }
}
