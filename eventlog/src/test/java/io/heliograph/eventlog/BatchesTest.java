package io.heliograph.eventlog;

import static io.heliograph.eventlog.Samples.ACME;
import static io.heliograph.eventlog.Samples.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches on a database in memory that fails when the test says so. */
class BatchesTest {
    private final SQLException busy = new SQLException("busy", "40001");
    private final SQLException lost = new SQLException("the connection ended", "08006");
    private final SQLException broken = new SQLException("disk full", "53100");

    private final FaultyDatabase database = new FaultyDatabase();
    private final List<String> told = new ArrayList<>();
    private final Counts counts = new Counts();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final LogTables tables = LogTables.of(Dialect.sqlite(() -> now), TablePrefix.NONE);
    private final ManualTime manualTime = new ManualTime();
    private final ArrayDeque<Job<?>> waiting = new ArrayDeque<>();
    private boolean hintsFail;
    private Batches batches = batches(10, Duration.ofMinutes(1));

    private static final class Counts implements LogMetrics {
        final List<String> commits = new ArrayList<>();
        final List<Duration> durations = new ArrayList<>();
        final List<Duration> waits = new ArrayList<>();
        int repeated;
        int failed;

        @Override
        public void committed(int commands, int events, long nanos) {
            commits.add(commands + " commands, " + events + " events");
            durations.add(Duration.ofNanos(nanos));
        }

        @Override
        public void waited(long nanos) {
            waits.add(Duration.ofNanos(nanos));
        }

        @Override
        public void repeated() {
            repeated++;
        }

        @Override
        public void failed() {
            failed++;
        }
    }

    private Batches batches(int commands, Duration time) {
        LogSettings settings = LogSettings.builder()
                .waitingPerWorkspace(100)
                .waitingInAll(100)
                .batchCommands(commands)
                .batchTime(time)
                .parallelBatches(1)
                .attempts(3)
                .hintBytes(1_000)
                .pageBytes(1_000_000)
                .build();
        BatchContext context = new BatchContext(tables, settings, counts, manualTime, events -> {
            if (hintsFail) {
                throw new IllegalStateException("broken bus");
            }
            told.add("hint of " + events.stream().map(Event::id).toList());
        });
        return new Batches(database.dataSource(), context);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private <T> Job<T> job(Command<T> command) {
        Job<T> job = new Job<>(command, manualTime.nanoTime());
        waiting.add(job);
        return job;
    }

    private Job<String> appending(String id) {
        return job(transaction -> {
            transaction.append(draft(id));
            transaction.afterCommit(() -> told.add("after " + id));
            return id;
        });
    }

    private <T> Job<T> failing(String id, RuntimeException failure) {
        return job(transaction -> {
            transaction.append(draft(id));
            transaction.afterCommit(() -> told.add("after " + id));
            throw failure;
        });
    }

    private void run() {
        batches.run(ACME, waiting::poll);
    }

    private List<String> log() throws SQLException {
        return tables.events().after(database.connection(), ACME, 0, 100, 1_000_000).stream()
                .map(event -> event.id() + "@" + event.offset())
                .toList();
    }

    @Test
    void whatSucceedsIsCommittedTogetherThenHintedThenItsActionsRun() throws Exception {
        Job<String> one = appending("evt_1");
        Job<String> two = appending("evt_2");

        run();

        assertThat(one.await()).isEqualTo("evt_1");
        assertThat(two.await()).isEqualTo("evt_2");
        assertThat(log()).containsExactly("evt_1@1", "evt_2@2");
        assertThat(counts.commits).containsExactly("2 commands, 2 events");
        assertThat(told).containsExactly("hint of [evt_1, evt_2]", "after evt_1", "after evt_2");
    }

    @Test
    void aCommandThatThrowsLeavesNothingAndItsActionsDoNotRun() throws Exception {
        Job<String> before = appending("evt_1");
        Job<String> bad = failing("evt_bad", new IllegalArgumentException("no"));
        Job<String> after = appending("evt_2");

        run();

        assertThat(before.await()).isEqualTo("evt_1");
        assertThatThrownBy(bad::await).isInstanceOf(IllegalArgumentException.class);
        assertThat(after.await()).isEqualTo("evt_2");
        assertThat(log()).containsExactly("evt_1@1", "evt_2@2");
        assertThat(told).containsExactly("hint of [evt_1, evt_2]", "after evt_1", "after evt_2");
    }

    @Test
    void aCommandThatThrowsUndoesItsOwnRowsOnly() throws Exception {
        Sql.update(database.connection(), "create table thing (id varchar(64) not null primary key)");
        putting("a", false);
        putting("b", true);
        putting("c", false);
        putting("d", true);

        run();

        assertThat(Sql.query(database.connection(), "select id from thing order by id", row -> row.getString(1)))
                .containsExactly("a", "c");
        assertThat(counts.commits).containsExactly("2 commands, 0 events");
    }

    private void putting(String id, boolean thenFails) {
        job(transaction -> {
            Sql.update(transaction.connection(), "insert into thing (id) values (?)", id);
            if (thenFails) {
                throw new IllegalArgumentException("no");
            }
            return id;
        });
    }

    @Test
    void aFirstCommandThatThrowsDoesNotUndoTheHeadOfTheOthers() throws Exception {
        Job<String> bad = failing("evt_bad", new IllegalArgumentException("no"));
        Job<String> good = appending("evt_1");

        run();

        assertThatThrownBy(bad::await).isInstanceOf(IllegalArgumentException.class);
        assertThat(good.await()).isEqualTo("evt_1");
        assertThat(log()).containsExactly("evt_1@1");
        assertThat(counts.commits).containsExactly("1 commands, 1 events");
    }

    @Test
    void aBatchTakesNoMoreCommandsThanItMay() {
        batches = batches(2, Duration.ofMinutes(1));
        appending("evt_1");
        appending("evt_2");
        appending("evt_3");

        run();

        assertThat(counts.commits).containsExactly("2 commands, 2 events");
        assertThat(waiting).hasSize(1);
    }

    @Test
    void aBatchThatHasRunItsTimeTakesNoFurtherCommand() {
        batches = batches(100, Duration.ofMillis(20));
        for (int i = 0; i < 4; i++) {
            job(transaction -> {
                manualTime.advance(Duration.ofMillis(10));
                return 0;
            });
        }

        run();

        assertThat(counts.commits).containsExactly("2 commands, 0 events");
        assertThat(waiting).hasSize(2);
    }

    @Test
    void waitsAndTransactionsAreMeasured() {
        appending("evt_1");
        manualTime.advance(Duration.ofMillis(5));
        job(transaction -> {
            manualTime.advance(Duration.ofMillis(10));
            return 0;
        });

        run();

        assertThat(counts.waits).containsExactly(Duration.ofMillis(5), Duration.ZERO);
        assertThat(counts.durations).containsExactly(Duration.ofMillis(10));
    }

    @Test
    void aBusyCommitIsRepeatedAsItWas() throws Exception {
        database.failCommits(busy, busy);
        Job<String> one = appending("evt_1");
        Job<String> two = appending("evt_2");

        run();

        assertThat(one.await()).isEqualTo("evt_1");
        assertThat(two.await()).isEqualTo("evt_2");
        assertThat(log()).containsExactly("evt_1@1", "evt_2@2");
        assertThat(counts.repeated).isEqualTo(2);
        assertThat(told).startsWith("hint of [evt_1, evt_2]").hasSize(3);
    }

    @Test
    void aBatchThatIsBusyInAllItsAttemptsFailsAndHasWrittenNothing() throws Exception {
        database.failCommits(busy, busy, busy);
        Job<String> job = appending("evt_1");

        run();

        assertThatThrownBy(job::await)
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("nothing was written");
        assertThat(log()).isEmpty();
        assertThat(counts.repeated).isEqualTo(2);
        assertThat(counts.failed).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void aCommitWhoseOutcomeIsUnknownIsNeverRepeated() throws Exception {
        database.failCommitsAfterTheyHappened(lost);
        Job<String> one = appending("evt_1");
        Job<String> two = appending("evt_2");

        run();

        for (Job<String> job : List.of(one, two)) {
            assertThatThrownBy(job::await)
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContaining("outcome is unknown");
        }
        assertThat(log()).containsExactly("evt_1@1", "evt_2@2");
        assertThat(counts.repeated).isZero();
    }

    @Test
    void aConnectionThatIsLostBeforeTheCommitIsReplaced() throws Exception {
        database.failStatements(lost);
        Job<String> job = appending("evt_1");

        run();

        assertThat(job.await()).isEqualTo("evt_1");
        assertThat(log()).containsExactly("evt_1@1");
        assertThat(counts.repeated).isEqualTo(1);
    }

    @Test
    void aTransientFailureInsideACommandRepeatsTheWholeBatch() throws Exception {
        int[] runs = {0};
        Job<String> one = appending("evt_1");
        Job<String> two = job(transaction -> {
            transaction.append(draft("evt_2"));
            if (runs[0]++ == 0) {
                throw new IllegalStateException(busy);
            }
            return "evt_2";
        });

        run();

        assertThat(one.await()).isEqualTo("evt_1");
        assertThat(two.await()).isEqualTo("evt_2");
        assertThat(log()).containsExactly("evt_1@1", "evt_2@2");
        assertThat(counts.repeated).isEqualTo(1);
    }

    @Test
    void aFailureThatNoCommandIsToBlameForMakesEachRunAlone() throws Exception {
        Job<String> one = appending("evt_1");
        Job<String> bad = job(transaction -> {
            transaction.append(new Draft("evt_bad", "x", Audience.EVERYONE, Optional.empty(), position -> {
                throw new IllegalArgumentException("cannot encode");
            }));
            return "evt_bad";
        });
        Job<String> two = appending("evt_2");

        run();

        assertThat(one.await()).isEqualTo("evt_1");
        assertThatThrownBy(bad::await).isInstanceOf(IllegalArgumentException.class);
        assertThat(two.await()).isEqualTo("evt_2");
        assertThat(log()).containsExactly("evt_1@1", "evt_2@2");
        assertThat(counts.commits).containsExactly("1 commands, 1 events", "1 commands, 1 events");
    }

    @Test
    void aBrokenDatabaseFailsItsCommandsWithTheCause() {
        database.failStatements(broken);
        Job<String> job = appending("evt_1");

        run();

        assertThatThrownBy(job::await).isInstanceOf(EventLogException.class).hasRootCause(broken);
        assertThat(counts.failed).isEqualTo(1);
        assertThat(counts.repeated).isZero();
    }

    @Test
    void whatFailsAfterTheCommitDoesNotLookLikeAFailedCommand() throws Exception {
        hintsFail = true;
        Job<String> job = appending("evt_1");
        Job<Integer> broken = job(transaction -> {
            transaction.afterCommit(() -> {
                throw new IllegalStateException("broken action");
            });
            return 7;
        });

        run();

        assertThat(job.await()).isEqualTo("evt_1");
        assertThat(broken.await()).isEqualTo(7);
        assertThat(told).containsExactly("after evt_1");
    }

    @Test
    void anEventThatIsCommittedLateGetsNoEarlierTime() throws Exception {
        appending("evt_1");
        run();
        now = now.minusSeconds(3_600);
        Job<Instant> late = job(transaction -> {
            transaction.append(draft("evt_2"));
            return transaction.now();
        });
        run();
        now = now.plusSeconds(7_200);
        appending("evt_3");
        run();

        assertThat(late.await()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(tables.events().after(database.connection(), ACME, 0, 10, 1_000_000))
                .extracting(event -> event.position().at().toString())
                .containsExactly("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z");
    }

    @Test
    void aTransactionIsOfNoUseOnceItsCommandHasReturned() throws Exception {
        List<Transaction> kept = new ArrayList<>();
        Job<Boolean> job = job(kept::add);

        run();

        assertThat(job.await()).isTrue();
        assertThatThrownBy(() -> kept.getFirst().append(draft("evt_late"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept.getFirst().afterCommit(() -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aThreadIsOnABatchOnlyWhileItRunsOne() throws Exception {
        Job<Boolean> job = job(transaction -> batches.onBatchThread());

        run();

        assertThat(job.await()).isTrue();
        assertThat(batches.onBatchThread()).isFalse();
    }

    @Test
    void commandsWithoutEventsAreCommittedWithoutAHint() throws Exception {
        Job<Integer> job = job(transaction -> 1);

        run();

        assertThat(job.await()).isEqualTo(1);
        assertThat(counts.commits).containsExactly("1 commands, 0 events");
        assertThat(told).isEmpty();
    }
}
