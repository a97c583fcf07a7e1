package io.heliograph.server.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.fixtures.FailingLog;
import io.heliograph.server.fixtures.Features;
import io.heliograph.server.sql.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class AgedRowsTest {
    private static final WorkspaceId BAD = new WorkspaceId("ws_bad");
    private static final WorkspaceId GOOD = new WorkspaceId("ws_good");
    private static final Duration DAY = Duration.ofDays(1);

    private Features features;
    private FailingLog log;

    @BeforeEach
    void open(@TempDir Path folder) {
        features = Features.open(folder);
        log = new FailingLog(features.part(EventLog.class));
    }

    @AfterEach
    void close() {
        features.close();
    }

    @Test
    void whatIsOlderThanItMayBeIsRemovedAndNothingElse() {
        add(GOOD, "older", DAY.plusMillis(1));
        add(GOOD, "as old", DAY);
        add(GOOD, "newer", DAY.minusMillis(1));
        add(BAD, "older too", DAY.plusMillis(1));

        assertThat(task(DAY).removeSome()).isEqualTo(2);

        assertThat(left()).containsExactlyInAnyOrder("as old", "newer");
        assertThat(task(DAY).removeSome()).isZero();
    }

    @Test
    void zeroKeepsForEver() {
        add(GOOD, "ancient", Duration.ofDays(10_000));

        assertThat(task(Duration.ZERO).removeSome()).isZero();

        assertThat(left()).containsExactly("ancient");
    }

    @Test
    void aStepRemovesSoManyRowsTheOldestFirst() {
        addMany(GOOD, RetentionTask.STEP, DAY.plusSeconds(2));
        add(GOOD, "old", DAY.plusSeconds(1));

        assertThat(task(DAY).removeSome()).isEqualTo(RetentionTask.STEP);

        assertThat(left()).containsExactly("old");
        assertThat(task(DAY).removeSome()).isEqualTo(1);
    }

    @Test
    void aWorkspaceWhoseTransactionsFailDoesNotKeepTheRowsOfOthers() {
        List<Supplier<? extends Throwable>> failures =
                List.of(() -> new IllegalStateException("a fault"), () -> new StackOverflowError("a fault"));
        for (Supplier<? extends Throwable> failure : failures) {
            add(BAD, "first", DAY.plusSeconds(3));
            add(GOOD, "second", DAY.plusSeconds(2));
            log.failWrites(BAD, failure);

            assertThatThrownBy(task(DAY)::removeSome).hasMessage("a fault");

            assertThat(left()).containsExactly("first");
            log.mend();
            assertThat(task(DAY).removeSome()).isEqualTo(1);
        }
    }

    /** The rows of the failing workspace stay the oldest, and would fill each step. */
    @Test
    void moreRowsThanOneStepHoldsDoNotKeepThoseOfOthers() {
        addMany(BAD, RetentionTask.STEP + 1, DAY.plusSeconds(2));
        add(GOOD, "good", DAY.plusSeconds(1));
        log.failWrites(BAD, () -> new IllegalStateException("a fault"));

        assertThatThrownBy(task(DAY)::removeSome).hasMessage("a fault");

        assertThat(left()).hasSize(RetentionTask.STEP + 1).doesNotContain("good");
    }

    private RetentionTask task(Duration maxAge) {
        return new AgedRows("rows", "session", "expires_at", maxAge)
                .removedBy(log, features.jdbc(), features.clock, AgedRowsTest::remove);
    }

    private static int remove(JdbcClient jdbc, WorkspaceId workspace, List<String> ids) {
        return ids.stream()
                .mapToInt(id -> jdbc.sql("delete from session where workspace = ? and id = ?")
                        .params(workspace.value(), id)
                        .update())
                .sum();
    }

    private void add(WorkspaceId workspace, String id, Duration age) {
        add(workspace, List.of(id), age);
    }

    private void addMany(WorkspaceId workspace, int count, Duration age) {
        add(workspace, IntStream.range(0, count).mapToObj(row -> "row" + row).toList(), age);
    }

    private void add(WorkspaceId workspace, List<String> ids, Duration age) {
        long at = features.clock.instant().minus(age).toEpochMilli();
        features.part(EventLog.class).write(workspace, transaction -> {
            ids.forEach(id -> Sql.in(transaction)
                    .sql("insert into session (workspace, id, secret_hash, member, created_at, expires_at)"
                            + " values (?, ?, 'hash', 'mem_1', 0, ?)")
                    .params(workspace.value(), id, at)
                    .update());
            return ids.size();
        });
    }

    private List<String> left() {
        return features.jdbc()
                .sql("select id from session order by id")
                .query((row, _) -> row.getString(1))
                .list();
    }
}
